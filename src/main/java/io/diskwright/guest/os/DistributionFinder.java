package io.diskwright.guest.os;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds which Linux distribution it is; the first file that says so wins. */
final class DistributionFinder {

  private static final List<String> OS_RELEASE =
      List.of(
          "etc/os-release",
          "usr/lib/os-release",
          "usr/share/coreos/os-release",
          "lib/os-release",
          "share/coreos/os-release");

  private static final List<String> LSB_RELEASE =
      List.of("etc/lsb-release", "usr/share/coreos/lsb-release", "share/coreos/lsb-release");

  /** Distributions whose os-release leaves out the minor version. */
  private static final Set<String> WITHOUT_MINOR = Set.of("debian", "centos", "rocky", "circle");

  private static final Pattern SUSE_FIELD = Pattern.compile("(\\w+)\\s*=\\s*(\\S+)");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)+");

  private final GuestReader reader;

  DistributionFinder(GuestReader reader) {
    this.reader = reader;
  }

  /** The distribution; empty when no file names one. */
  Optional<Distribution> find() throws IOException {
    for (String path : OS_RELEASE) {
      Optional<Distribution> found = osRelease(path);
      if (found.isPresent()) {
        return Optional.of(withMinor(found.get()));
      }
    }
    for (String path : LSB_RELEASE) {
      Optional<Distribution> found = lsbRelease(path);
      if (found.isPresent()) {
        return found;
      }
    }
    for (ReleaseFile file : ReleaseFile.ALL) {
      Optional<Distribution> found = releaseFile(file);
      if (found.isPresent()) {
        return found;
      }
    }
    return others();
  }

  private Optional<Distribution> osRelease(String path) throws IOException {
    Optional<String> text = reader.text(path);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Assignments values = Assignments.parse(text.get());
    if (values.get("ID").isEmpty()) {
      reader.unknown(GuestReader.absolute(path), "it sets no ID");
      return Optional.empty();
    }
    String id = specificId(values);
    String version = values.get("VERSION_ID");
    if (version.isEmpty() && values.get("BUILD_ID").equals("rolling")) {
      version = "rolling";
    }
    String name =
        values.get("PRETTY_NAME").isEmpty() ? values.get("NAME") : values.get("PRETTY_NAME");
    List<String> likes =
        Arrays.stream(values.get("ID_LIKE").toLowerCase(Locale.ROOT).split("\\s+", -1))
            .filter(like -> !like.isEmpty())
            .toList();
    reader.found(
        "distribution",
        path,
        "ID=" + values.get("ID") + ", VERSION_ID=" + values.get("VERSION_ID"));
    return Optional.of(new Distribution(id, likes, version, name.isEmpty() ? id : name));
  }

  /** Systems that differ as products share an ID. */
  private static String specificId(Assignments values) {
    String id = values.get("ID").toLowerCase(Locale.ROOT);
    if (id.equals("centos") && values.get("NAME").contains("Stream")) {
      return "centos-stream";
    }
    if (id.equals("fedora") && values.get("VARIANT_ID").equals("coreos")) {
      return "fedora-coreos";
    }
    return id;
  }

  private Distribution withMinor(Distribution found) throws IOException {
    if (!WITHOUT_MINOR.contains(found.id()) || found.version().contains(".")) {
      return found;
    }
    String path =
        found.id().equals("debian") ? "etc/debian_version" : "etc/" + found.id() + "-release";
    String line =
        GuestReader.clean(reader.text(path).flatMap(text -> text.lines().findFirst()).orElse(""));
    Matcher number = NUMBER.matcher(line);
    if (number.find() && isMinorOf(number.group(), found.version())) {
      reader.found("version", path, line);
      return found.withVersion(number.group());
    }
    if (found.version().isEmpty() && !line.isEmpty()) {
      reader.found("version", path, line);
      return found.withVersion(line);
    }
    return found;
  }

  private static boolean isMinorOf(String number, String major) {
    return major.isEmpty() || number.startsWith(major + ".");
  }

  private Optional<Distribution> lsbRelease(String path) throws IOException {
    Optional<String> text = reader.text(path);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Assignments values = Assignments.parse(text.get());
    String name = values.get("DISTRIB_ID");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    String version = values.get("DISTRIB_RELEASE");
    String description = values.get("DISTRIB_DESCRIPTION");
    reader.found("distribution", path, "DISTRIB_ID=" + name + ", DISTRIB_RELEASE=" + version);
    return Optional.of(
        new Distribution(
            ReleaseFile.slug(name),
            List.of(),
            version,
            description.isEmpty() ? (name + " " + version).strip() : description));
  }

  private Optional<Distribution> releaseFile(ReleaseFile file) throws IOException {
    Optional<Distribution> found = reader.text(file.path()).flatMap(file::parse);
    found.ifPresent(d -> reader.found("distribution", file.path(), d.name()));
    return found;
  }

  private Optional<Distribution> others() throws IOException {
    List<Named> finders = new ArrayList<>();
    finders.add(new Named("etc/debian_version", "debian", "Debian GNU/Linux"));
    finders.add(new Named("etc/SuSE-release", "suse", ""));
    finders.add(new Named("etc/gentoo-release", "gentoo", "Gentoo"));
    finders.add(new Named("etc/arch-release", "arch", "Arch Linux"));
    finders.add(new Named("etc/alpine-release", "alpine", "Alpine Linux"));
    finders.add(new Named("etc/slackware-version", "slackware", "Slackware"));
    for (Named finder : finders) {
      Optional<String> text = reader.text(finder.path());
      if (text.isPresent()) {
        String line = GuestReader.clean(text.get().lines().findFirst().orElse(""));
        reader.found("distribution", finder.path(), line);
        return Optional.of(
            finder.id().equals("suse") ? suse(text.get(), line) : finder.distribution(line));
      }
    }
    return Optional.empty();
  }

  /** A file that only its own distribution has. */
  private record Named(String path, String id, String title) {

    Distribution distribution(String line) {
      Matcher number = Pattern.compile("\\d+(?:\\.\\d+)*").matcher(line);
      String version = number.find() ? number.group() : line;
      version = id.equals("arch") ? "rolling" : version;
      return new Distribution(id, List.of(), version, title + " " + version);
    }
  }

  private static Distribution suse(String text, String product) {
    String version = "";
    String patch = "";
    for (String line : Limits.lines(text)) {
      Matcher field = SUSE_FIELD.matcher(line.strip());
      if (field.matches() && field.group(1).equals("VERSION")) {
        version = field.group(2);
      } else if (field.matches() && field.group(1).equals("PATCHLEVEL")) {
        patch = field.group(2);
      }
    }
    String id =
        product.startsWith("SUSE Linux Enterprise Desktop")
            ? "sled"
            : product.startsWith("SUSE Linux Enterprise") ? "sles" : "opensuse";
    boolean patched = !patch.isEmpty() && !patch.equals("0") && !version.contains(".");
    return new Distribution(
        id, List.of("suse"), patched ? version + "." + patch : version, product);
  }
}
