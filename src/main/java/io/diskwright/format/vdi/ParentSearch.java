package io.diskwright.format.vdi;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parent of a differencing image, which a VDI knows by its UUID alone, among the files
 * that may be opened for it: by the headers of those that are VDIs.
 */
final class ParentSearch {

  private static final String ROLE = "parent";
  private static final String FIELD = VdiHeader.NAME + " uuidLinkage";

  /** More files than a machine has snapshots; all their headers must be read quickly. */
  private static final int MAX_HEADERS = 4096;

  private final ByteSource source;
  private final VdiHeader header;
  private final OpenContext context;

  /** A VDI with the UUID that is looked for: the name to open it by, and its {@code uuidModify}. */
  private record Candidate(String name, UUID uuidModify) {}

  private ParentSearch(ByteSource source, VdiHeader header, OpenContext context) {
    this.source = source;
    this.header = header;
    this.context = context;
  }

  /**
   * Opens the parent; the caller closes it.
   *
   * @throws UnsafeReference when there is no such image where one may be opened
   * @throws CorruptImage when the parent was changed after this image was made
   * @throws AmbiguousImage when several files are the parent
   */
  static Referenced<VdiImage> open(ByteSource source, VdiHeader header, OpenContext context)
      throws IOException {
    var search = new ParentSearch(source, header, context);
    Referenced<DiskImage> opened =
        context.openImage(ROLE, search.find(), VdiHeader.UUID_LINKAGE_AT, Optional.of("vdi"));
    // It was asked for as a VDI, so it is one.
    return new Referenced<>((VdiImage) opened.opened(), opened.file());
  }

  private String find() throws IOException {
    List<String> names = context.neighbours();
    Map<Boolean, List<String>> byName =
        names.stream()
            .collect(Collectors.partitioningBy(n -> n.toLowerCase(Locale.ROOT).endsWith(".vdi")));
    Map<Path, Candidate> found = look(byName.getOrDefault(true, List.of()));
    if (found.isEmpty()) {
      found = look(byName.getOrDefault(false, List.of()));
    }
    if (found.isEmpty()) {
      throw absent(names.isEmpty());
    }
    List<Map.Entry<Path, Candidate>> unchanged =
        found.entrySet().stream()
            .filter(e -> e.getValue().uuidModify.equals(header.uuidParentModify()))
            .toList();
    if (unchanged.isEmpty()) {
      throw changed(found.entrySet().iterator().next());
    }
    if (unchanged.size() > 1) {
      throw new AmbiguousImage(
          source.describe(),
          FIELD,
          VdiHeader.UUID_LINKAGE_AT,
          "{"
              + header.uuidLinkage()
              + "}, which "
              + unchanged.get(0).getKey()
              + " and "
              + unchanged.get(1).getKey()
              + " both are",
          "one parent",
          "Move the file that does not belong to the machine into another folder");
    }
    return unchanged.getFirst().getValue().name;
  }

  /** The VDIs among these files that have the parent's UUID. */
  private Map<Path, Candidate> look(List<String> names) throws IOException {
    if (names.size() > MAX_HEADERS) {
      throw new LimitExceeded(
          source.describe(),
          FIELD,
          VdiHeader.UUID_LINKAGE_AT,
          "a parent to look for in " + names.size() + " files",
          "up to " + MAX_HEADERS,
          "Move the image and its parents into a folder of their own");
    }
    var found = new LinkedHashMap<Path, Candidate>();
    for (String name : names) {
      Referenced<ByteSource> file;
      try {
        file = context.openFile(ROLE, name, VdiHeader.UUID_LINKAGE_AT);
      } catch (UnsafeReference | FileSystemException e) {
        continue; // nobody named this file: it only lies there
      }
      try (ByteSource bytes = file.opened()) {
        look(bytes, name, file.file(), found);
      }
    }
    return found;
  }

  private void look(ByteSource bytes, String name, ExternalFile file, Map<Path, Candidate> found)
      throws IOException {
    if (bytes.size() < VdiHeader.SIZE) {
      return;
    }
    ByteView view = bytes.view(VdiHeader.NAME, 0, VdiHeader.SIZE, ByteOrder.LITTLE_ENDIAN);
    if (view.u32(VdiHeader.SIGNATURE_AT) == VdiHeader.SIGNATURE
        && VdiHeader.uuid(view, VdiHeader.UUID_CREATE_AT).equals(header.uuidLinkage())) {
      UUID modify = VdiHeader.uuid(view, VdiHeader.UUID_MODIFY_AT);
      found.putIfAbsent(file.path(), new Candidate(name, modify));
    }
  }

  private UnsafeReference absent(boolean denied) {
    Path folder = context.file().toAbsolutePath().normalize().getParent();
    String found = "{" + header.uuidLinkage() + "}, which is no image in " + folder;
    if (denied) {
      return refused(
          found,
          "none, since --external deny",
          "Use --external folder to let the image's parent be looked for beside it");
    }
    return refused(
        found + " nor in a folder named with --external",
        "the UUID of a VDI that is there",
        "VirtualBox keeps snapshots in a folder Snapshots below that of the disk they are of; name"
            + " the folder where the parent is with --external "
            + aboveSnapshots(folder).map(Path::toString).orElse("DIR"));
  }

  private static Optional<Path> aboveSnapshots(@Nullable Path folder) {
    return Optional.ofNullable(folder).filter(f -> f.endsWith("Snapshots")).map(Path::getParent);
  }

  private UnsafeReference refused(String found, String allowed, String remedy) {
    return new UnsafeReference(
        source.describe(), FIELD, VdiHeader.UUID_LINKAGE_AT, found, allowed, remedy);
  }

  private CorruptImage changed(Map.Entry<Path, Candidate> parent) {
    return new CorruptImage(
        source.describe(),
        VdiHeader.NAME + " uuidParentModify",
        VdiHeader.UUID_PARENT_MODIFY_AT,
        "{" + header.uuidParentModify() + "}",
        "{" + parent.getValue().uuidModify + "}, the uuidModify of " + parent.getKey(),
        "The parent was changed after this image was made of it; take the parent as it was then,"
            + " from a backup, or clone the disk with VirtualBox if it still runs");
  }
}
