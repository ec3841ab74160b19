package io.diskwright.validate.linux;

import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.guest.service.Startup;
import io.diskwright.guest.ssh.SshConfig;
import io.diskwright.guest.ssh.SshConfig.Setting;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether ssh reaches the guest. */
final class SshRules {

  private static final String[] SERVICES = {"ssh", "sshd", "ssh.socket", "sshd.socket", "dropbear"};
  private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::", "[::]", "*", "any");

  private SshRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.ofFiles("linux.security.ssh-enabled", SshRules::enabled),
        Rule.ofFiles("linux.security.ssh-port-22", SshRules::port22),
        Rule.ofFiles("linux.security.ssh-root-login", SshRules::rootLogin),
        Rule.ofFiles("linux.security.ssh-host-keys", SshRules::hostKeys),
        Rule.ofFiles("linux.security.tcp-wrappers", SshRules::tcpWrappers));
  }

  private static boolean isInstalled(GuestReader files) throws IOException {
    for (String path : List.of("usr/sbin/sshd", "usr/sbin/dropbear", "usr/local/sbin/sshd")) {
      if (files.isFile(path)) {
        return true;
      }
    }
    return false;
  }

  private static Outcome enabled(GuestFacts facts) throws IOException {
    if (!isInstalled(facts.files())) {
      return Outcome.fail(
          "No ssh server is installed.",
          new Evidence("/usr/sbin/sshd", "absent", "sshd, started at boot"));
    }
    if (facts.files().exists("etc/ssh/sshd_not_to_be_run")) {
      return Outcome.fail(
          "sshd is told not to run.",
          new Evidence("/etc/ssh/sshd_not_to_be_run", "present", "absent"));
    }
    Startup startup = facts.services().startup(SERVICES);
    return switch (startup.state()) {
      case ENABLED -> {
        var pass = Outcome.pass(startup.name() + " is started at boot: " + startup.where() + ".");
        yield startup.derived() ? pass.derived() : pass;
      }
      case MASKED ->
          Outcome.fail(
              startup.name() + " is masked.", new Evidence(startup.where(), "masked", "enabled"));
      case DISABLED ->
          Outcome.fail(
              "sshd is installed and not started at boot.",
              new Evidence(startup.where(), "not enabled", "enabled"));
      case ABSENT ->
          Outcome.fail(
              "sshd is installed, and nothing starts it.",
              new Evidence("units and scripts", "none for ssh", "enabled"));
      case UNKNOWN -> Outcome.unknown("Whether sshd is started at boot could not be told.");
    };
  }

  private static Outcome port22(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    if (!isInstalled(files)) {
      return Outcome.notApplicable("No ssh server is installed, see linux.security.ssh-enabled.");
    }
    Startup startup = facts.services().startup("ssh.socket", "sshd.socket");
    if (startup.isEnabled()) {
      return socketPort(facts, startup.name());
    }
    Optional<SshConfig> config = SshConfig.read(files);
    if (config.isEmpty()) {
      return Outcome.pass("sshd has no configuration and listens on port 22.").derived();
    }
    List<Setting> ports = new ArrayList<>(config.get().all("port"));
    Optional<Setting> argument = portArgument(facts);
    if (argument.isPresent()) {
      ports = List.of(argument.get());
    }
    List<Setting> addresses = config.get().all("listenaddress");
    boolean on22 = ports.isEmpty() || ports.stream().anyMatch(p -> p.value().equals("22"));
    if (!on22 && addresses.stream().noneMatch(a -> a.value().endsWith(":22"))) {
      return Outcome.fail(
          "sshd does not listen on port 22.",
          ports.stream().map(p -> new Evidence(p.where(), "Port " + p.value(), "22")).toList());
    }
    Optional<Setting> family = config.get().first("addressfamily");
    if (family.filter(f -> f.value().equalsIgnoreCase("inet6")).isPresent()) {
      return Outcome.fail(
          "sshd listens on IPv6 only.", new Evidence(family.get().where(), "inet6", "any"));
    }
    boolean reachable = addresses.isEmpty() || addresses.stream().anyMatch(a -> isAny(a.value()));
    if (!reachable) {
      boolean loopback =
          addresses.stream()
              .allMatch(a -> a.value().startsWith("127.") || a.value().startsWith("::1"));
      var outcome =
          Outcome.fail(
              "sshd listens on given addresses only.",
              addresses.stream()
                  .map(a -> new Evidence(a.where(), a.value(), "0.0.0.0 or none"))
                  .toList());
      return loopback ? outcome : outcome.derived();
    }
    return Outcome.pass("sshd listens on port 22.");
  }

  private static boolean isAny(String address) {
    String host = address.replaceAll(":22$", "").split("\\s+", 2)[0];
    return ANY_ADDRESS.contains(host);
  }

  private static Outcome socketPort(GuestFacts facts, String socket) throws IOException {
    GuestReader files = facts.files();
    List<Setting> streams = new ArrayList<>();
    for (String directory : List.of("usr/lib/systemd/system/", "etc/systemd/system/")) {
      List<String> paths = new ArrayList<>(List.of(directory + socket));
      for (String name : files.names(directory + socket + ".d", n -> n.endsWith(".conf"))) {
        paths.add(directory + socket + ".d/" + name);
      }
      for (String path : paths) {
        for (String line : (Iterable<String>) files.text(path).orElse("").lines()::iterator) {
          if (line.strip().startsWith("ListenStream=")) {
            String value = line.strip().substring("ListenStream=".length());
            if (value.isEmpty()) {
              streams.clear();
            } else {
              streams.add(new Setting(value, "/" + path));
            }
          }
        }
      }
    }
    Optional<SshConfig> config = SshConfig.read(files);
    List<Setting> ports = config.map(c -> c.all("port")).orElse(List.of());
    boolean generated =
        files.exists("usr/lib/systemd/system-generators/sshd-socket-generator") && !ports.isEmpty();
    if (generated) {
      return ports.stream().anyMatch(p -> p.value().equals("22"))
          ? Outcome.pass(socket + " listens on port 22, as sshd_config says.")
          : Outcome.fail(
              socket + " does not listen on port 22.",
              ports.stream().map(p -> new Evidence(p.where(), p.value(), "22")).toList());
    }
    return streams.isEmpty() || streams.stream().anyMatch(s -> s.value().matches("(.*:)?22"))
        ? Outcome.pass(socket + " listens on port 22.")
        : Outcome.fail(
            socket + " does not listen on port 22.",
            streams.stream().map(s -> new Evidence(s.where(), s.value(), "22")).toList());
  }

  private static Optional<Setting> portArgument(GuestFacts facts) throws IOException {
    String[][] places = {
      {"etc/default/ssh", "^SSHD_OPTS=.*-p\\s*([0-9]{1,5}).*"},
      {"etc/sysconfig/sshd", "^OPTIONS=.*-p\\s*([0-9]{1,5}).*"},
      {"etc/sysconfig/ssh", "^SSHD_OPTS=.*-p\\s*([0-9]{1,5}).*"},
      {"etc/rc.conf", "^sshd_flags=.*-p\\s*([0-9]{1,5}).*"}
    };
    for (String[] place : places) {
      Optional<String> port =
          facts.files().text(place[0]).flatMap(t -> Lines.first(t, place[1], 1));
      if (port.isPresent()) {
        return Optional.of(new Setting(port.get(), "/" + place[0]));
      }
    }
    return Optional.empty();
  }

  private static Outcome rootLogin(GuestFacts facts) throws IOException {
    if (!isInstalled(facts.files())) {
      return Outcome.notApplicable("No ssh server is installed, see linux.security.ssh-enabled.");
    }
    Optional<SshConfig> config = SshConfig.read(facts.files());
    if (config.isEmpty()) {
      return Outcome.unknown(
          "There is no sshd_config; what sshd then allows depends on its version.");
    }
    List<Evidence> found = new ArrayList<>();
    Optional<Setting> root = config.get().first("permitrootlogin");
    root.filter(s -> !s.value().equalsIgnoreCase("yes"))
        .ifPresent(s -> found.add(new Evidence(s.where(), "PermitRootLogin " + s.value(), "yes")));
    config
        .get()
        .first("passwordauthentication")
        .filter(s -> s.value().equalsIgnoreCase("no"))
        .ifPresent(s -> found.add(new Evidence(s.where(), "PasswordAuthentication no", "yes")));
    for (Setting allowed : config.get().all("allowusers")) {
      if (!(" " + allowed.value() + " ").contains(" root ")) {
        found.add(new Evidence(allowed.where(), "AllowUsers " + allowed.value(), "with root"));
      }
    }
    for (Setting denied : config.get().all("denyusers")) {
      if ((" " + denied.value() + " ").contains(" root ")) {
        found.add(new Evidence(denied.where(), "DenyUsers " + denied.value(), "without root"));
      }
    }
    if (!found.isEmpty()) {
      return Outcome.fail(
          "root cannot log in over ssh with the password the importer sets.", found);
    }
    if (config.get().hasMatch()) {
      return Outcome.unknown("Whether root may log in depends on the Match blocks of sshd_config.");
    }
    return root.isPresent()
        ? Outcome.pass("root may log in over ssh.")
        : Outcome.fail(
            "sshd takes no password for root unless it is told so, since OpenSSH 7.0.",
            new Evidence(config.get().path(), "no PermitRootLogin", "PermitRootLogin yes"));
  }

  private static Outcome hostKeys(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    if (!isInstalled(files)) {
      return Outcome.notApplicable("No ssh server is installed, see linux.security.ssh-enabled.");
    }
    List<String> keys =
        files.names("etc/ssh", n -> n.startsWith("ssh_host_") && n.endsWith("_key"));
    if (keys.isEmpty()) {
      return withoutKeys(facts);
    }
    List<Evidence> open = new ArrayList<>();
    for (String key : keys) {
      Optional<NodeAttributes> file = files.attributes("etc/ssh/" + key);
      int mode = file.map(NodeAttributes::permissions).orElse(0);
      boolean groupOnly = (mode & 077) == 040;
      if ((mode & 077) != 0 && !groupOnly) {
        open.add(new Evidence("/etc/ssh/" + key, "mode " + Integer.toOctalString(mode), "600"));
      }
    }
    return open.isEmpty()
        ? Outcome.pass("sshd has host keys; machines made of this image share them.")
        : Outcome.fail("sshd refuses host keys that others can read.", open);
  }

  private static Outcome withoutKeys(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    for (String name : List.of("sshd-keygen", "sshd-keygen@", "sshdgenkeys")) {
      for (String directory : List.of("usr/lib/systemd/system/", "lib/systemd/system/")) {
        if (files.exists(directory + name + ".service")
            || files.exists(directory + name + ".target")) {
          return Outcome.pass("Host keys are made at the first boot by " + name + ".").derived();
        }
      }
    }
    boolean scripted =
        facts.os().family() == OsFamily.FREEBSD
            || files.exists("usr/sbin/sshd-gen-keys-start")
            || files.text("etc/init.d/sshd").map(t -> t.contains("ssh-keygen")).orElse(false);
    if (scripted) {
      return Outcome.pass("Host keys are made when sshd is started.").derived();
    }
    if (facts.services().startup("cloud-init").isEnabled()) {
      return Outcome.pass("Host keys are made by cloud-init.").derived();
    }
    return Outcome.fail(
        "There are no host keys, and nothing makes them: sshd does not start.",
        new Evidence("/etc/ssh/ssh_host_*_key", "none", "at least one, or what makes it"));
  }

  private static Outcome tcpWrappers(GuestFacts facts) throws IOException {
    Optional<String> denied =
        facts
            .files()
            .text("etc/hosts.deny")
            .flatMap(t -> Lines.first(t, "^\\s*((?:ALL|sshd|.*\\bsshd\\b.*)\\s*:\\s*ALL.*)$", 1));
    if (denied.isEmpty()) {
      return Outcome.pass("/etc/hosts.deny does not keep ssh out.");
    }
    boolean allowed =
        facts
            .files()
            .text("etc/hosts.allow")
            .flatMap(t -> Lines.first(t, "^\\s*((?:ALL|sshd)\\s*:.*)$", 1))
            .isPresent();
    if (allowed) {
      return Outcome.unknown(
          "/etc/hosts.deny keeps ssh out but for what /etc/hosts.allow lets in.");
    }
    String distribution = facts.os().distribution().orElse("");
    boolean ignored =
        Set.of("rhel", "centos", "rocky", "almalinux", "ol", "centos-stream").contains(distribution)
            && facts.os().major().orElse(0) >= 8;
    return ignored
        ? Outcome.pass("/etc/hosts.deny names ssh; the sshd of this system does not read it.")
            .derived()
        : Outcome.fail(
            "/etc/hosts.deny keeps ssh out.",
            new Evidence("/etc/hosts.deny", denied.get().strip(), "sshd not denied"));
  }
}
