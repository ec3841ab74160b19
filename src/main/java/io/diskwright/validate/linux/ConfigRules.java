package io.diskwright.validate.linux;

import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.InodeFlag;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.guest.os.Architecture;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a Linux configures: fstab, the account files, the clock. */
public final class ConfigRules {

  private static final List<String> ACCOUNT_FILES =
      List.of("etc/shadow", "etc/passwd", "etc/group", "etc/gshadow");
  private static final List<String> BSD_ACCOUNT_FILES =
      List.of("etc/master.passwd", "etc/pwd.db", "etc/spwd.db", "etc/passwd");
  private static final List<String> CONFIGURATION =
      List.of(
          "etc",
          "root",
          "etc/hosts",
          "etc/hostname",
          "etc/resolv.conf",
          "etc/fstab",
          "etc/sysconfig/network",
          "etc/network/interfaces");
  private static final List<String> CONFIGURATION_DIRECTORIES =
      List.of("etc/sysconfig/network-scripts", "etc/ssh", "root/.ssh");
  private static final int LISTED = 20;

  private ConfigRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return Stream.concat(
            FstabRules.all().stream(),
            Stream.of(
                Rule.ofFiles("linux.config.shadow-writable", ConfigRules::shadowWritable),
                Rule.ofFiles("linux.config.immutable-config", ConfigRules::immutableConfig),
                Rule.ofFiles("linux.config.init-present", ConfigRules::initPresent),
                Rule.ofFiles("linux.config.rtc-utc", ConfigRules::rtcUtc),
                Rule.ofFiles("linux.config.machine-identity", ConfigRules::machineIdentity)))
        .toList();
  }

  private static Outcome shadowWritable(GuestFacts facts) throws IOException {
    boolean bsd = facts.os().family() == OsFamily.FREEBSD;
    List<Evidence> grave = new ArrayList<>();
    List<Evidence> mild = new ArrayList<>();
    String main = bsd ? "etc/master.passwd" : "etc/shadow";
    if (facts.files().ownAttributes(main).isEmpty()) {
      return facts.files().unknowns().isEmpty()
          ? Outcome.fail("There is no /" + main + ".", new Evidence("/" + main, "absent", "a file"))
          : Outcome.unknown("/" + main + " could not be read.");
    }
    for (String path : bsd ? BSD_ACCOUNT_FILES : ACCOUNT_FILES) {
      Optional<NodeAttributes> found = facts.files().ownAttributes(path);
      if (found.isPresent()) {
        judgeAccountFile(path, found.get(), path.equals(main), grave, mild);
      }
    }
    if (!grave.isEmpty()) {
      return Outcome.fail("The importer cannot write the account files.", grave);
    }
    return mild.isEmpty()
        ? Outcome.pass("The account files can be written.")
        : Outcome.fail("/" + main + " is open to others.", mild).atMost(Severity.WARNING);
  }

  private static void judgeAccountFile(
      String path, NodeAttributes file, boolean secret, List<Evidence> grave, List<Evidence> mild) {
    String where = "/" + path;
    if (file.kind() != FileKind.REGULAR) {
      grave.add(new Evidence(where, file.kind().toString(), "a regular file"));
    }
    for (InodeFlag flag : List.of(InodeFlag.IMMUTABLE, InodeFlag.APPEND_ONLY)) {
      if (file.flags().contains(flag)) {
        grave.add(new Evidence(where, flag.toString(), "neither immutable nor append-only"));
      }
    }
    if (file.uid() != 0) {
      grave.add(new Evidence(where, "owner " + file.uid(), "owner 0"));
    }
    if (secret && (file.permissions() & 026) != 0) {
      mild.add(
          new Evidence(
              where,
              "mode " + Integer.toOctalString(file.permissions()),
              "not writable by the group, not open to others"));
    }
  }

  private static Outcome immutableConfig(GuestFacts facts) throws IOException {
    List<Evidence> found = new ArrayList<>();
    List<String> paths = new ArrayList<>(CONFIGURATION);
    for (String directory : CONFIGURATION_DIRECTORIES) {
      paths.add(directory);
      for (String name : facts.files().names(directory, any -> true)) {
        paths.add(directory + "/" + name);
      }
    }
    for (String path : paths) {
      Optional<NodeAttributes> file = facts.files().ownAttributes(path);
      boolean locked =
          file.isPresent()
              && (file.get().flags().contains(InodeFlag.IMMUTABLE)
                  || file.get().flags().contains(InodeFlag.APPEND_ONLY));
      if (locked && found.size() < LISTED) {
        found.add(
            new Evidence(
                "/" + path, file.get().flags().toString(), "neither immutable nor append-only"));
      }
    }
    return found.isEmpty()
        ? Outcome.pass("The files that an importer writes are not locked.")
        : Outcome.fail("Files that an importer writes are locked.", found);
  }

  private static Outcome initPresent(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    boolean init = files.isFile("sbin/init") || files.isFile("usr/sbin/init");
    if (!init && !files.isFile("lib/systemd/systemd") && !files.isFile("usr/lib/systemd/systemd")) {
      return Outcome.fail(
          "There is no program to start the system with.",
          new Evidence("/sbin/init", files.link("sbin/init").orElse("absent"), "a program"));
    }
    Optional<String> target = files.link("etc/systemd/system/default.target");
    if (target.isPresent()
        && target.get().matches(".*/?(rescue|emergency|halt|poweroff|reboot)\\.target")) {
      return Outcome.fail(
          "The default target does not start the system.",
          new Evidence(
              "/etc/systemd/system/default.target", target.get(), "multi-user or graphical"));
    }
    Optional<String> runlevel =
        files
            .text("etc/inittab")
            .flatMap(text -> Lines.first(text, "^[^:#]*:([0-9sS]):initdefault:.*", 1));
    if (runlevel.isPresent() && List.of("0", "1", "6", "s", "S").contains(runlevel.get())) {
      return Outcome.fail(
          "The default runlevel does not start the system.",
          new Evidence("/etc/inittab", "runlevel " + runlevel.get(), "2 to 5"));
    }
    for (String path : List.of("etc/nologin", "nologin", "var/run/nologin")) {
      if (files.exists(path)) {
        return Outcome.fail(
                "Nobody but root can log in.", new Evidence("/" + path, "present", "absent"))
            .atMost(Severity.WARNING);
      }
    }
    for (String path : List.of("forcefsck", "fastboot", ".autorelabel")) {
      if (files.exists(path)) {
        return Outcome.fail(
                "The first start takes longer or skips a check.",
                new Evidence("/" + path, "present", "absent"))
            .atMost(Severity.INFO);
      }
    }
    return Outcome.pass("The system is started by " + (init ? "/sbin/init" : "systemd") + ".");
  }

  private static Outcome rtcUtc(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    List<Evidence> found = new ArrayList<>();
    if (facts.os().family() == OsFamily.FREEBSD) {
      if (files.exists("etc/wall_cmos_clock")) {
        found.add(new Evidence("/etc/wall_cmos_clock", "present", "absent"));
      }
    } else {
      files
          .text("etc/adjtime")
          .filter(text -> Lines.at(text, 2).strip().equals("LOCAL"))
          .ifPresent(t -> found.add(new Evidence("/etc/adjtime:3", "LOCAL", "UTC")));
      String[][] old = {
        {"etc/sysconfig/clock", "^UTC=\"?(?:false|no)\"?\\s*$"},
        {"etc/default/rcS", "^UTC=\"?no\"?\\s*$"},
        {"etc/sysconfig/clock", "^HWCLOCK=\"?.*--localtime.*$"}
      };
      for (String[] place : old) {
        Optional<String> line = files.text(place[0]).flatMap(t -> Lines.first(t, place[1], 0));
        line.ifPresent(l -> found.add(new Evidence("/" + place[0], l.strip(), "UTC")));
      }
    }
    if (found.isEmpty()) {
      return Outcome.pass("The hardware clock is taken for UTC.");
    }
    var outcome = Outcome.fail("The hardware clock is taken for local time.", found);
    boolean arm = facts.os().architecture().equals(Optional.of(Architecture.AARCH64));
    return arm && facts.profile().name().equals("alibaba-current")
        ? outcome.atLeast(Severity.ERROR)
        : outcome;
  }

  private static Outcome machineIdentity(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    List<Evidence> found = new ArrayList<>();
    for (String path : List.of("etc/machine-id", "var/lib/dbus/machine-id")) {
      Optional<String> id = files.text(path).map(String::strip);
      if (id.isPresent() && !id.get().isEmpty() && !id.get().equals("uninitialized")) {
        found.add(new Evidence("/" + path, "an identity", "empty"));
      }
    }
    if (files.isFile("etc/iscsi/initiatorname.iscsi")) {
      found.add(new Evidence("/etc/iscsi/initiatorname.iscsi", "present", "absent"));
    }
    for (String directory :
        List.of(
            "var/lib/dhcp",
            "var/lib/dhclient",
            "var/lib/NetworkManager",
            "var/lib/wicked",
            "var/lib/cloud/instances")) {
      boolean cloud = directory.endsWith("instances");
      List<String> names =
          files.names(directory, n -> cloud || n.contains("lease") || n.endsWith(".xml"));
      if (!names.isEmpty()) {
        found.add(new Evidence("/" + directory, names.size() + " entries", "none"));
      }
    }
    return found.isEmpty()
        ? Outcome.pass("The image carries no identity of the machine it was taken from.")
        : Outcome.fail("Machines made of this image share an identity.", found);
  }
}
