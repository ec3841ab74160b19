package io.diskwright.guest.os;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of one line that names distribution and version, as those of Red Hat's line have it:
 * {@code CentOS release 6.10 (Final)}.
 *
 * @param path inside the guest
 * @param id the distribution, empty when the text says it
 */
record ReleaseFile(String path, String id) {

  /** Derivatives before what they derive from, whose file they keep. */
  static final List<ReleaseFile> ALL =
      List.of(
          new ReleaseFile("etc/alinux-release", "alinux"),
          new ReleaseFile("etc/aliyun-release", "aliyun"),
          new ReleaseFile("etc/anolis-release", "anolis"),
          new ReleaseFile("etc/openEuler-release", "openeuler"),
          new ReleaseFile("etc/kylin-release", "kylin"),
          new ReleaseFile("etc/UnionTech-release", "uos"),
          new ReleaseFile("etc/oracle-release", "ol"),
          new ReleaseFile("etc/enterprise-release", "ol"),
          new ReleaseFile("etc/almalinux-release", "almalinux"),
          new ReleaseFile("etc/rocky-release", "rocky"),
          new ReleaseFile("etc/circle-release", "circle"),
          new ReleaseFile("etc/centos-release", ""),
          new ReleaseFile("etc/fedora-release", ""),
          new ReleaseFile("etc/redhat-release", ""),
          new ReleaseFile("etc/system-release", ""));

  /** How the texts start, the longer before the shorter. */
  private static final List<List<String>> NAMES =
      List.of(
          List.of("CentOS Stream", "centos-stream"),
          List.of("CentOS", "centos"),
          List.of("Red Hat", "rhel"),
          List.of("Scientific", "scientific"),
          List.of("Oracle", "ol"),
          List.of("Enterprise Linux Enterprise Linux", "ol"),
          List.of("Fedora", "fedora"),
          List.of("Rocky", "rocky"),
          List.of("AlmaLinux", "almalinux"),
          List.of("Alibaba Cloud Linux", "alinux"),
          List.of("Aliyun Linux", "aliyun"),
          List.of("Anolis", "anolis"),
          List.of("openEuler", "openeuler"),
          List.of("Kylin", "kylin"),
          List.of("Amazon Linux", "amzn"),
          List.of("CloudLinux", "cloudlinux"));

  private static final Pattern RELEASE = Pattern.compile("(.*?)\\s+release\\d*\\s+(\\S.*)");
  private static final Pattern VERSION =
      Pattern.compile("([A-Za-z]?\\d+(?:\\.\\d+)*)(?:.*\\bUpdate\\s+(\\d+))?.*");

  /** What the file's first line says; empty when it is no such line. */
  Optional<Distribution> parse(String text) {
    String line = GuestReader.clean(text.lines().findFirst().orElse(""));
    Matcher release = RELEASE.matcher(line);
    if (!release.matches()) {
      return Optional.empty();
    }
    Matcher version = VERSION.matcher(release.group(2));
    String number = "";
    if (version.matches()) {
      number = version.group(1);
      boolean update = version.group(2) != null && !number.contains(".");
      number = update ? number + "." + version.group(2) : number;
    }
    return Optional.of(
        new Distribution(id.isEmpty() ? idOf(release.group(1)) : id, List.of(), number, line));
  }

  private static String idOf(String name) {
    for (List<String> known : NAMES) {
      if (name.startsWith(known.get(0))) {
        return known.get(1);
      }
    }
    return slug(name);
  }

  /** A name as os-release would have it for an ID. */
  static String slug(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
  }
}
