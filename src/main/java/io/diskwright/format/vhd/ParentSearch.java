package io.diskwright.format.vhd;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.vhd.VhdDynamicHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Opens the parent of a differencing image under the names the image has for it. Which file it is
 * does not matter: the caller knows the parent by its unique id.
 */
final class ParentSearch {

  private static final String ROLE = "parent";

  /** Which locators to believe first: where the image is now, the way from it is what holds. */
  private static final List<String> ORDER =
      List.of(
          ParentLocator.WINDOWS_RELATIVE,
          ParentLocator.WINDOWS_ABSOLUTE,
          ParentLocator.OLD_RELATIVE,
          ParentLocator.OLD_ABSOLUTE,
          ParentLocator.MAC_URL);

  private final ByteSource source;
  private final OpenContext context;
  private final VhdDynamicHeader header;
  private final List<UnsafeReference> failures = new ArrayList<>();

  private ParentSearch(ByteSource source, OpenContext context, VhdDynamicHeader header) {
    this.source = source;
    this.context = context;
    this.header = header;
  }

  /**
   * Opens the first file that is there; the caller closes it.
   *
   * @param view the bytes of {@code header}
   * @throws UnsupportedFeature when the image has no name for its parent
   * @throws UnsafeReference when there is no such file, or none that may be opened
   */
  static Referenced<DiskImage> open(
      ByteSource source, ByteView view, VhdDynamicHeader header, OpenContext context)
      throws IOException {
    var search = new ParentSearch(source, context, header);
    return search.open(search.names(view));
  }

  private List<ParentName> names(ByteView view) throws IOException {
    List<ParentLocator> locators = ParentLocator.of(view);
    var names = new ArrayList<ParentName>();
    for (ParentLocator locator :
        locators.stream()
            .filter(l -> ORDER.contains(l.platformCode()))
            .sorted(Comparator.comparingInt(l -> ORDER.indexOf(l.platformCode())))
            .toList()) {
      locator.name(source).ifPresent(names::add);
    }
    int at = DynamicHeaders.PARENT_UNICODE_NAME_AT;
    ParentName.ofWindows(
            "dynamic header parent unicode name", header.parentUnicodeName(), view.offset() + at)
        .ifPresent(names::add);
    if (names.isEmpty()) {
      String codes =
          locators.stream().map(ParentLocator::platformCode).collect(Collectors.joining(", "));
      throw new UnsupportedFeature(
          source.describe(),
          "dynamic header parent locators",
          view.offset() + at,
          "no name of the parent {"
              + header.parentUniqueId()
              + "}, whose changes the image holds"
              + (codes.isEmpty() ? "" : ", in locators " + codes),
          "a locator " + String.join(", ", ORDER) + " with a file's name",
          "Merge it into its parent with the tool that made it, then take the parent");
    }
    return names;
  }

  private Referenced<DiskImage> open(List<ParentName> names) throws IOException {
    var tried = new HashSet<String>();
    for (ParentName name : names) {
      for (String path : name.paths()) {
        if (tried.add(path)) {
          Optional<Referenced<DiskImage>> opened = attempt(path, name.offset());
          if (opened.isPresent()) {
            return opened.get();
          }
        }
      }
    }
    for (String other : otherwhere(names)) {
      Optional<Referenced<DiskImage>> opened = attempt(other, names.getFirst().offset());
      if (opened.isPresent()) {
        return opened.get();
      }
    }
    throw notFound();
  }

  /**
   * Empty when this very file may not be opened; what is wrong further down the chain is thrown.
   */
  private Optional<Referenced<DiskImage>> attempt(String path, long offset) throws IOException {
    try {
      return Optional.of(context.openImage(ROLE, path, offset, Optional.of("vhd")));
    } catch (UnsafeReference e) {
      if (!e.fault().source().equals(context.file().toString())) {
        throw e;
      }
      failures.add(e);
      return Optional.empty();
    }
  }

  /** Files of such a name in another case, which Windows does not tell apart, or another folder. */
  private List<String> otherwhere(List<ParentName> names) throws IOException {
    Set<String> plain =
        names.stream().map(n -> n.plain().toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    List<String> found = new ArrayList<>();
    for (String neighbour : context.neighbours()) {
      String name = neighbour.substring(neighbour.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
      if (plain.contains(name)) {
        found.add(neighbour);
      }
    }
    return found.size() == 1 ? found : List.of();
  }

  /** What was wrong with each, and what mends the last: the plain name in the image's folder. */
  private UnsafeReference notFound() {
    Fault last = failures.getLast().fault();
    return new UnsafeReference(
        source.describe(),
        ROLE,
        failures.getFirst().fault().offset(),
        failures.stream().map(f -> f.fault().found()).distinct().collect(Collectors.joining("; ")),
        last.allowed() + ", the parent {" + header.parentUniqueId() + "}",
        last.remedy() + ", or name the folder it is in with --external DIR");
  }
}
