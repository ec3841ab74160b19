package io.diskwright.validate.linux;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.packages.Packages;
import io.diskwright.guest.service.Startup;
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

/** Which agents and tools are installed. */
public final class SoftwareRules {

  private static final List<String> AGENT =
      List.of(
          "usr/bin/qemu-ga",
          "usr/sbin/qemu-ga",
          "usr/local/bin/qemu-ga",
          "usr/local/sbin/qemu-ga",
          "usr/lib/systemd/system/qemu-guest-agent.service",
          "lib/systemd/system/qemu-guest-agent.service",
          "usr/lib/systemd/system/qemu-ga.service",
          "etc/init.d/qemu-ga",
          "etc/init.d/qemu-guest-agent",
          "etc/rc.d/init.d/qemu-ga",
          "etc/sysconfig/qemu-ga");

  /** What other hypervisors' and clouds' tools leave, and what they are. */
  private static final String[][] FOREIGN = {
    {"usr/bin/vmtoolsd", "VMware Tools"},
    {"usr/sbin/vmtoolsd", "VMware Tools"},
    {"etc/vmware-tools/tools.conf", "VMware Tools"},
    {"usr/sbin/VBoxService", "VirtualBox Guest Additions"},
    {"usr/bin/VBoxClient", "VirtualBox Guest Additions"},
    {"usr/sbin/xe-daemon", "XenServer tools"},
    {"usr/bin/prltoolsd", "Parallels Tools"},
    {"usr/sbin/hv_kvp_daemon", "Hyper-V daemons"}
  };

  private static final List<String> PYTHONS =
      List.of(
          "usr/bin/python3", "usr/bin/python", "usr/bin/python2", "usr/libexec/platform-python");

  private SoftwareRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return Stream.concat(CloudInitRules.all().stream(), ownRules().stream()).toList();
  }

  private static List<Rule> ownRules() {
    return List.of(
        Rule.ofFiles("linux.software.qemu-ga-absent", SoftwareRules::qemuAgentAbsent),
        Rule.ofFiles("linux.software.growpart", SoftwareRules::growpart),
        Rule.ofFiles("linux.software.cloud-agent", SoftwareRules::cloudAgent),
        Rule.ofFiles("linux.software.foreign-guest-tools", SoftwareRules::foreignTools),
        Rule.ofFiles("linux.software.runtime", SoftwareRules::runtime));
  }

  private static Outcome qemuAgentAbsent(GuestFacts facts) throws IOException {
    List<Evidence> found = new ArrayList<>();
    for (String path : AGENT) {
      if (facts.files().exists(path)) {
        found.add(new Evidence("/" + path, "present", "absent"));
      }
    }
    Packages packages = facts.packages();
    packages
        .version("qemu-guest-agent")
        .ifPresent(v ->
            found.add(new Evidence(packages.database(), "qemu-guest-agent " + v, "not installed")));
    if (found.isEmpty()) {
      var pass = Outcome.pass("The guest agent of QEMU is not installed.");
      return packages.read() ? pass : pass.derived();
    }
    Startup startup = facts.services().startup("qemu-guest-agent", "qemu-ga");
    return Outcome.fail(
        "The guest agent of QEMU is installed, and "
            + (startup.isEnabled() ? "started at boot." : "not started at boot."),
        found);
  }

  private static Outcome growpart(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    boolean repart =
        !files.names("etc/repart.d", n -> n.endsWith(".conf")).isEmpty()
            || !files.names("usr/lib/repart.d", n -> n.endsWith(".conf")).isEmpty();
    boolean grows =
        files.isFile("usr/bin/growpart")
            || files.isFile("usr/sbin/growpart")
            || repart && files.isFile("usr/bin/systemd-repart")
            || files.isDirectory("usr/lib/dracut/modules.d/50growroot");
    if (!grows) {
      return Outcome.fail(
          "Nothing grows the root's partition at the first boot.",
          new Evidence("/usr/bin/growpart", "absent", "growpart"));
    }
    Optional<String> off =
        files
            .text("etc/cloud/cloud.cfg.d/99-installer.cfg")
            .filter(t ->
                t.replaceAll("\\s+", " ").contains("growpart: mode: 'off'")
                    || t.replaceAll("\\s+", " ").contains("growpart: mode: off"));
    return off.isPresent()
        ? Outcome.fail(
            "cloud-init is told not to grow the root's partition.",
            new Evidence("/etc/cloud/cloud.cfg.d/99-installer.cfg", "growpart off", "auto"))
        : Outcome.pass("The root's partition is grown at the first boot.").derived();
  }

  private static Outcome cloudAgent(GuestFacts facts) throws IOException {
    String profile = facts.profile().name();
    List<String> wanted =
        switch (profile) {
          case "azure" -> List.of("usr/sbin/waagent", "usr/bin/waagent");
          case "aws" -> List.of("usr/bin/amazon-ssm-agent", "snap/bin/amazon-ssm-agent");
          case "gcp" -> List.of("usr/bin/google_guest_agent");
          default -> List.of("usr/local/share/aliyun-assist", "usr/sbin/aliyun-service");
        };
    for (String path : wanted) {
      if (facts.files().exists(path)) {
        return Outcome.pass("The importer's agent is installed: /" + path + ".");
      }
    }
    return Outcome.fail(
        "The importer's agent is not installed.",
        new Evidence("/" + wanted.getFirst(), "absent", "present"));
  }

  private static Outcome foreignTools(GuestFacts facts) throws IOException {
    List<Evidence> found = new ArrayList<>();
    boolean azure = facts.profile().name().equals("azure");
    for (String[] tool : FOREIGN) {
      if (facts.files().exists(tool[0]) && !(azure && tool[1].startsWith("Hyper-V"))) {
        found.add(new Evidence("/" + tool[0], tool[1], "absent"));
      }
    }
    if (!azure && facts.files().exists("usr/sbin/waagent")) {
      found.add(new Evidence("/usr/sbin/waagent", "the agent of Azure", "absent"));
    }
    Startup kudzu = facts.services().startup("kudzu");
    if (kudzu.isEnabled()) {
      found.add(new Evidence(kudzu.where(), "kudzu, which asks about new hardware", "not started"));
    }
    return found.isEmpty()
        ? Outcome.pass("No tools of other hypervisors or clouds are installed.")
        : Outcome.fail("Tools of other hypervisors or clouds are installed.", found);
  }

  private static Outcome runtime(GuestFacts facts) throws IOException {
    Packages packages = facts.packages();
    boolean python = false;
    for (String path : PYTHONS) {
      python |= facts.files().isFile(path);
    }
    if (!python) {
      return Outcome.fail(
          "No Python is installed.",
          new Evidence("/usr/bin/python3", "absent", "Python 2.6 or later"));
    }
    Optional<String> interval =
        facts
            .files()
            .text("etc/ssh/sshd_config")
            .flatMap(t -> Lines.first(t, "^\\s*ClientAliveInterval\\s+([0-9]{1,6})\\s*$", 1));
    int seconds = interval.map(Integer::parseInt).orElse(0);
    if (seconds < 30 || seconds > 235) {
      return Outcome.fail(
              "sshd does not keep idle connections as long as is asked for.",
              new Evidence("/etc/ssh/sshd_config", "ClientAliveInterval " + seconds, "30 to 235"))
          .atMost(Severity.WARNING);
    }
    Optional<String> openssl = packages.version("openssl");
    return openssl.isPresent() || packages.read()
        ? Outcome.pass("Python is installed, and sshd keeps idle connections.")
        : Outcome.unknown("The version of OpenSSL is not known without the package database.");
  }
}
