package io.diskwright.validate.linux;

import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.packages.Packages;
import io.diskwright.io.ByteView;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the files a Linux needs are there, and as they were installed. */
public final class SystemFileRules {

  private static final List<List<String>> CRITICAL =
      List.of(
          List.of("sbin/init", "usr/sbin/init", "lib/systemd/systemd", "usr/lib/systemd/systemd"),
          List.of("bin/sh", "usr/bin/sh"),
          List.of("bin/mount", "usr/bin/mount"),
          List.of("sbin/modprobe", "usr/sbin/modprobe"));
  private static final List<List<String>> USEFUL =
      List.of(
          List.of("bin/bash", "usr/bin/bash"),
          List.of("usr/bin/passwd"),
          List.of("usr/sbin/chpasswd"),
          List.of("sbin/fsck", "usr/sbin/fsck", "sbin/fsck.xfs", "usr/sbin/fsck.xfs"));
  private static final List<String> DIRECTORIES = List.of("bin", "sbin", "lib", "lib64", "usr");
  private static final List<String> LINKS =
      List.of(
          "lib", "lib64", "lib32", "libx32", "bin", "sbin", "usr/lib64", "etc/rc.d", "etc/init.d");
  private static final Map<String, String> BANNERS =
      Map.ofEntries(
          Map.entry("debian", "Debian GNU/Linux"),
          Map.entry("ubuntu", "Ubuntu"),
          Map.entry("centos", "CentOS"),
          Map.entry("rhel", "Red Hat Enterprise Linux"),
          Map.entry("sles", "Welcome to SUSE"),
          Map.entry("opensuse", "openSUSE"),
          Map.entry("opensuse-leap", "openSUSE"),
          Map.entry("alinux", "Alibaba Cloud"),
          Map.entry("aliyun", "Aliyun Linux"),
          Map.entry("rocky", "Rocky"),
          Map.entry("almalinux", "AlmaLinux"),
          Map.entry("ol", "Oracle Linux"),
          Map.entry("fedora", "Fedora"));

  /** Packages whose programs a system does not start without. */
  private static final List<String> ESSENTIAL =
      List.of(
          "bash",
          "dash",
          "coreutils",
          "mount",
          "util-linux",
          "login",
          "passwd",
          "kmod",
          "init",
          "systemd",
          "systemd-sysv",
          "libc6:amd64",
          "libc6:arm64",
          "libc6:i386",
          "libc6",
          "e2fsprogs");

  private static final List<String> VITAL =
      List.of("systemd/systemd", "ld-linux", "libc.so", "bin/dash", "bin/bash");
  private static final long MAX_BYTES = 64L << 20;
  private static final int LISTED = 20;

  private SystemFileRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of(
        Rule.ofFiles("linux.config.critical-files", SystemFileRules::criticalFiles),
        Rule.ofFiles("linux.config.critical-files-unmodified", SystemFileRules::unmodified),
        Rule.ofFiles("linux.config.lib-symlinks-relative", SystemFileRules::relativeLinks),
        Rule.ofFiles("linux.config.issue-files", SystemFileRules::issueFiles));
  }

  private static Outcome criticalFiles(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    List<Evidence> grave = new ArrayList<>();
    List<Evidence> mild = new ArrayList<>();
    for (List<String> places : CRITICAL) {
      judge(files, places, grave, grave);
    }
    for (List<String> places : USEFUL) {
      judge(files, places, mild, grave);
    }
    for (String directory : DIRECTORIES) {
      if (files.ownAttributes(directory).isPresent() && !files.isDirectory(directory)) {
        grave.add(
            new Evidence(
                "/" + directory, files.link(directory).orElse("no directory"), "a directory"));
      }
    }
    if (!grave.isEmpty()) {
      return Outcome.fail(
          "Files are missing or damaged without which the system does not start.", grave);
    }
    return mild.isEmpty()
        ? Outcome.pass("The programs the system starts with are there.")
        : Outcome.fail("Programs are missing that an importer may call.", mild)
            .atMost(Severity.WARNING);
  }

  /** Looks at the first of several places where a program is. */
  private static void judge(
      GuestReader files, List<String> places, List<Evidence> missing, List<Evidence> damaged)
      throws IOException {
    for (String path : places) {
      Optional<NodeAttributes> file = files.attributes(path);
      if (file.isEmpty()) {
        continue;
      }
      String why = fault(files, path, file.get());
      if (!why.isEmpty()) {
        damaged.add(new Evidence("/" + path, why, "a program"));
      }
      return;
    }
    missing.add(new Evidence("/" + places.getFirst(), "absent", "a program"));
  }

  private static String fault(GuestReader files, String path, NodeAttributes file)
      throws IOException {
    if (file.kind() != FileKind.REGULAR) {
      return "no regular file";
    }
    if (file.size() == 0) {
      return "empty";
    }
    if ((file.permissions() & 0111) == 0) {
      return "not executable: mode " + Integer.toOctalString(file.permissions());
    }
    if ((file.permissions() & 02) != 0) {
      return "anyone may write it: mode " + Integer.toOctalString(file.permissions());
    }
    Optional<ByteView> head = files.head(path, 4);
    boolean program =
        head.isPresent()
            && (head.get().startsWith(0, "\u007fELF") || head.get().startsWith(0, "#!"));
    return head.isEmpty() || program ? "" : "neither a program nor a script";
  }

  private static Outcome relativeLinks(GuestFacts facts) throws IOException {
    List<Evidence> found = new ArrayList<>();
    for (String path : LINKS) {
      facts
          .files()
          .link(path)
          .filter(target -> target.startsWith("/"))
          .ifPresent(target ->
              found.add(new Evidence("/" + path, target, "a target without the first slash")));
    }
    return found.isEmpty()
        ? Outcome.pass("The links to system directories are relative.")
        : Outcome.fail("Links to system directories are absolute.", found);
  }

  private static Outcome issueFiles(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    String distribution = facts.os().distribution().orElse("");
    String banner = BANNERS.getOrDefault(distribution, "");
    if (distribution.equals("coreos")
        || distribution.equals("flatcar")
        || distribution.equals("freebsd")) {
      return Outcome.notApplicable("The system makes its banner itself, or has none.");
    }
    if (!files.exists("etc/issue")) {
      return Outcome.fail(
          "There is no /etc/issue.", new Evidence("/etc/issue", "absent", "the stock file"));
    }
    Optional<String> text = files.text("etc/issue");
    if (text.isEmpty()) {
      return Outcome.unknown("/etc/issue could not be read.");
    }
    String first = text.get().lines().filter(l -> !l.isBlank()).findFirst().orElse("").strip();
    if (first.isEmpty()) {
      return Outcome.fail(
          "/etc/issue is empty.", new Evidence("/etc/issue", "empty", "the stock text"));
    }
    if (banner.isEmpty()) {
      return Outcome.unknown("The stock text of /etc/issue of this system is not known.");
    }
    boolean named = first.startsWith("\\S") || first.contains(banner);
    if (!named) {
      return Outcome.fail(
          "/etc/issue does not name the system.",
          new Evidence("/etc/issue", first.substring(0, Math.min(80, first.length())), banner));
    }
    Packages packages = facts.packages();
    for (String path : List.of("etc/issue", "etc/issue.net")) {
      String delivered = packages.conffiles().getOrDefault("/" + path, "");
      Optional<String> content = delivered.isEmpty() ? Optional.empty() : files.text(path);
      if (content.isPresent()
          && !md5(content.get().getBytes(StandardCharsets.UTF_8)).equals(delivered)) {
        return Outcome.fail(
                "/" + path + " was changed, and still names the system.",
                new Evidence("/" + path, "another MD5 than " + delivered, "as it was delivered"))
            .atMost(Severity.WARNING);
      }
    }
    var pass = Outcome.pass("/etc/issue names the system.");
    return packages.conffiles().containsKey("/etc/issue") ? pass : pass.derived();
  }

  private static Outcome unmodified(GuestFacts facts) throws IOException {
    Packages packages = facts.packages();
    if (!packages.database().equals("dpkg") || !packages.read()) {
      return Outcome.unknown(
          packages.database().equals("none")
              ? "There is no package database to compare with."
              : "The package database is "
                  + packages.database()
                  + "'s, whose checksums are not read.");
    }
    GuestReader files = facts.files();
    List<Evidence> changed = new ArrayList<>();
    boolean vital = false;
    long left = MAX_BYTES;
    int compared = 0;
    for (String name : ESSENTIAL) {
      String list = "var/lib/dpkg/info/" + name + ".md5sums";
      for (String line : (Iterable<String>) files.text(list).orElse("").lines()::iterator) {
        String[] words = line.split("\\s+", 2);
        if (words.length < 2 || !isProgram(words[1])) {
          continue;
        }
        long size = files.attributes(words[1]).map(NodeAttributes::size).orElse(-1L);
        if (size > left) {
          continue;
        }
        left -= Math.max(0, size);
        String found = size < 0 ? "absent" : md5(files, words[1]);
        compared++;
        if (!found.equals(words[0]) && changed.size() < LISTED) {
          changed.add(new Evidence("/" + words[1], found, words[0]));
          vital |= VITAL.stream().anyMatch(words[1]::contains);
        }
      }
    }
    if (compared == 0) {
      return Outcome.unknown("The packages came without checksums of their files.");
    }
    if (changed.isEmpty()) {
      return Outcome.pass(
          compared + " programs of the essential packages are as they were delivered.");
    }
    var outcome = Outcome.fail("Programs of essential packages were changed.", changed);
    return vital ? outcome : outcome.atMost(Severity.WARNING);
  }

  private static boolean isProgram(String path) {
    return path.startsWith("bin/")
        || path.startsWith("sbin/")
        || path.startsWith("usr/bin/")
        || path.startsWith("usr/sbin/")
        || path.endsWith("/systemd/systemd")
        || path.contains("/ld-linux")
        || path.contains("/libc.so");
  }

  private static String md5(GuestReader files, String path) throws IOException {
    return files
        .attempt(
            path,
            file -> {
              MessageDigest digest = digest();
              try (InputStream in = Files.newInputStream(file)) {
                byte[] buffer = new byte[1 << 16];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                  digest.update(buffer, 0, read);
                }
              }
              return Optional.of(HexFormat.of().formatHex(digest.digest()));
            })
        .orElse("unreadable");
  }

  private static String md5(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
