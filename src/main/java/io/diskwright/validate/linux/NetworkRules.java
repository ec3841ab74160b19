package io.diskwright.validate.linux;

import io.diskwright.filesystem.FileKind;
import io.diskwright.guest.network.Interface;
import io.diskwright.guest.network.NetworkSetup;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a Linux configures its network. */
public final class NetworkRules {

  private static final Set<String> RED_HAT =
      Set.of("rhel", "centos", "ol", "scientific", "aliyun", "alinux");
  private static final List<String> PINS =
      List.of(
          "etc/udev/rules.d/70-persistent-net.rules",
          "etc/udev/rules.d/30-net_persistent_names.rules",
          "etc/udev/rules.d/75-persistent-net.rules",
          "etc/udev/rules.d/80-net-name-slot.rules");
  private static final Pattern PIN_NAME = Pattern.compile("NAME[:]?=\"([^\"]{1,64})\"");

  private NetworkRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of(
        Rule.ofFiles("linux.network.single-nic", NetworkRules::singleNic),
        Rule.ofFiles("linux.network.no-ipv6", NetworkRules::noIpv6),
        Rule.ofFiles("linux.network.dhcp", NetworkRules::dhcp),
        Rule.ofFiles("linux.network.dhcp-client-present", NetworkRules::dhcpClient),
        Rule.ofFiles("linux.network.nic-binding", NetworkRules::nicBinding),
        Rule.ofFiles("linux.network.persistent-net-rules", NetworkRules::persistentRules),
        Rule.ofFiles("linux.network.manager", NetworkRules::manager),
        Rule.ofFiles("linux.network.leftovers", NetworkRules::leftovers));
  }

  private static Evidence evidence(Interface one, String observed, String expected) {
    return new Evidence(one.where(), one.name() + ": " + observed, expected);
  }

  private static Optional<Outcome> unread(NetworkSetup setup) {
    return setup.problems().isEmpty()
        ? Optional.empty()
        : Optional.of(
            Outcome.unknown(
                "The network's configuration is not understood: " + setup.problems().getFirst()));
  }

  private static Outcome singleNic(GuestFacts facts) throws IOException {
    NetworkSetup setup = facts.network();
    if (!setup.layered().isEmpty()) {
      return Outcome.fail(
          "A bond, bridge, team or VLAN is configured.",
          setup.layered().stream().map(w -> new Evidence(w, "layered", "a single card")).toList());
    }
    List<Interface> started = setup.interfaces().stream().filter(Interface::starts).toList();
    if (started.size() > 1) {
      return Outcome.fail(
          started.size() + " network interfaces are configured.",
          started.stream().map(i -> evidence(i, "started at boot", "one interface")).toList());
    }
    if (setup.interfaces().size() > 1) {
      return Outcome.fail(
              "Interfaces are configured that are not started.",
              setup.interfaces().stream()
                  .map(i -> evidence(i, i.starts() ? "started" : "not started", "one interface"))
                  .toList())
          .atMost(Severity.WARNING);
    }
    return unread(setup)
        .orElseGet(() -> Outcome.pass("No more than one network interface is configured."));
  }

  private static Outcome noIpv6(GuestFacts facts) throws IOException {
    NetworkSetup setup = facts.network();
    boolean off =
        facts.bootOptions().contains(" ipv6.disable=1 ")
            || sysctl(facts).filter(v -> v.equals("1")).isPresent();
    if (off) {
      return Outcome.pass("IPv6 is switched off in the kernel.");
    }
    List<Evidence> fixed = new ArrayList<>();
    List<Evidence> asked = new ArrayList<>();
    for (Interface one : setup.interfaces()) {
      one.ipv6Addresses().forEach(a -> fixed.add(evidence(one, a, "no IPv6 address")));
      if (one.ipv6() && !one.isForAny()) {
        asked.add(evidence(one, "asks for an IPv6 address", "no IPv6"));
      }
    }
    if (!fixed.isEmpty()) {
      return Outcome.fail("An interface has a fixed IPv6 address.", fixed);
    }
    if (!asked.isEmpty()) {
      return Outcome.fail("An interface asks for an IPv6 address, which none will give it.", asked)
          .atMost(Severity.WARNING);
    }
    return unread(setup).orElseGet(() -> Outcome.pass("No interface has an IPv6 address."));
  }

  private static Optional<String> sysctl(GuestFacts facts) throws IOException {
    List<String> paths = new ArrayList<>();
    for (String name : facts.files().names("etc/sysctl.d", n -> n.endsWith(".conf"))) {
      paths.add("etc/sysctl.d/" + name);
    }
    paths.add("etc/sysctl.conf");
    Optional<String> value = Optional.empty();
    for (String path : paths) {
      Optional<String> found =
          facts
              .files()
              .text(path)
              .flatMap(t ->
                  Lines.first(t, "^\\s*net.ipv6.conf.all.disable_ipv6\\s*=\\s*([01])\\s*$", 1));
      value = found.isPresent() ? found : value;
    }
    return value;
  }

  private static boolean cloudInitConfigures(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    if (!files.isFile("usr/bin/cloud-init") || files.exists("etc/cloud/cloud-init.disabled")) {
      return false;
    }
    List<String> paths = new ArrayList<>(List.of("etc/cloud/cloud.cfg"));
    for (String name : files.names("etc/cloud/cloud.cfg.d", n -> n.endsWith(".cfg"))) {
      paths.add("etc/cloud/cloud.cfg.d/" + name);
    }
    for (String path : paths) {
      if (forbidsNetwork(files.text(path).orElse(""))) {
        return false;
      }
    }
    return facts.services().startup("cloud-init", "cloud-init-local").isEnabled();
  }

  /** {@code network: {config: disabled}}, on one line or two. */
  private static boolean forbidsNetwork(String text) {
    var bare = new StringBuilder();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (!line.strip().startsWith("#")) {
        bare.append(line).append(' ');
      }
    }
    String words = bare.toString().replaceAll("[{}\"'\\s]+", " ");
    return words.contains("network: config: disabled");
  }

  private static Outcome dhcp(GuestFacts facts) throws IOException {
    NetworkSetup setup = facts.network();
    List<Interface> started = setup.interfaces().stream().filter(Interface::starts).toList();
    List<Evidence> fixed = new ArrayList<>();
    for (Interface one : started) {
      if (!one.dhcp() && !one.ipv4Addresses().isEmpty()) {
        fixed.add(evidence(one, String.join(", ", one.ipv4Addresses()), "DHCP"));
      }
    }
    if (!fixed.isEmpty()) {
      return Outcome.fail("The network has a fixed address.", fixed);
    }
    Optional<Interface> dynamic = started.stream().filter(Interface::dhcp).findFirst();
    if (dynamic.isPresent()) {
      return Outcome.pass(
          "The interface "
              + dynamic.get().name()
              + " asks for its address: "
              + dynamic.get().where()
              + ".");
    }
    if (cloudInitConfigures(facts)) {
      return Outcome.pass("cloud-init configures the network at the first boot.").derived();
    }
    Optional<Outcome> unread = unread(setup);
    if (unread.isPresent()) {
      return unread.get();
    }
    List<Evidence> idle =
        setup.interfaces().stream()
            .map(i ->
                evidence(
                    i, i.starts() ? "neither DHCP nor an address" : "not started at boot", "DHCP"))
            .toList();
    if (!idle.isEmpty()) {
      return Outcome.fail("No interface asks for its address when the machine starts.", idle);
    }
    return Outcome.fail(
        "No network interface is configured.",
        new Evidence(
            "network configuration",
            setup.managers().isEmpty()
                ? "no network service is started"
                : String.join(", ", setup.managers()) + " without an interface",
            "DHCP"));
  }

  private static Outcome dhcpClient(GuestFacts facts) throws IOException {
    NetworkSetup setup = facts.network();
    boolean external = !setup.client().isEmpty();
    for (String own : List.of("NetworkManager", "systemd-networkd", "wicked", "rc.conf")) {
      if (setup.managers().contains(own) && !(own.equals("NetworkManager") && external)) {
        return Outcome.pass(own + " brings its own DHCP client.");
      }
    }
    for (String path :
        List.of(
            "sbin/dhclient",
            "usr/sbin/dhclient",
            "sbin/dhcpcd",
            "usr/sbin/dhcpcd",
            "sbin/udhcpc",
            "usr/sbin/udhcpc",
            "sbin/pump")) {
      if (facts.files().isFile(path)) {
        return Outcome.pass("The DHCP client is /" + path + ".");
      }
    }
    boolean free = setup.interfaces().stream().noneMatch(Interface::starts);
    if (free
        && cloudInitConfigures(facts)
        && facts.files().isFile("usr/lib/systemd/systemd-networkd")) {
      return Outcome.pass("cloud-init uses systemd-networkd.").derived();
    }
    return Outcome.fail(
        "No DHCP client is installed.",
        new Evidence("dhclient, dhcpcd, udhcpc, NetworkManager, systemd-networkd", "none", "one"));
  }

  private static Outcome nicBinding(GuestFacts facts) throws IOException {
    NetworkSetup setup = facts.network();
    List<Interface> dynamic =
        setup.interfaces().stream().filter(i -> i.starts() && i.dhcp()).toList();
    boolean old = facts.bootOptions().contains(" net.ifnames=0 ");
    List<Evidence> grave = new ArrayList<>();
    List<Evidence> mild = new ArrayList<>();
    boolean anyFree = dynamic.isEmpty();
    for (Interface one : dynamic) {
      if (!one.hardware().isEmpty()) {
        grave.add(evidence(one, "bound to " + one.hardware(), "any card"));
      } else if (one.isForAny() || one.name().equals("eth0") || one.backend().equals("rc.conf")) {
        anyFree = true;
      } else if (old) {
        grave.add(evidence(one, "configured, and names are eth0", "eth0"));
      } else {
        mild.add(evidence(one, "a name that other machines may not have", "eth0 or any"));
      }
    }
    if (!grave.isEmpty()) {
      var outcome = Outcome.fail("The network is bound to a card that will not be there.", grave);
      return anyFree && !dynamic.isEmpty() ? outcome.atMost(Severity.WARNING) : outcome;
    }
    if (!mild.isEmpty()) {
      return Outcome.fail("The network is bound to a name that may not be there.", mild)
          .atMost(Severity.WARNING);
    }
    return unread(setup).orElseGet(() -> Outcome.pass("The network is not bound to a card."));
  }

  private static Outcome persistentRules(GuestFacts facts) throws IOException {
    List<Evidence> found = new ArrayList<>();
    List<String> pinned = new ArrayList<>();
    for (String path : PINS) {
      int number = 0;
      for (String line : (Iterable<String>) facts.files().text(path).orElse("").lines()::iterator) {
        number++;
        boolean address =
            line.contains("ATTR{address}==")
                || line.contains("SYSFS{address}==")
                || line.contains("ATTRS{address}==");
        Matcher name = PIN_NAME.matcher(line);
        if (!line.startsWith("#") && line.length() < 4096 && address && name.find()) {
          pinned.add(name.group(1));
          found.add(
              new Evidence(
                  "/" + path + ":" + number, name.group(1) + " is pinned to a card", "no rule"));
        }
      }
    }
    if (found.isEmpty()) {
      return Outcome.pass("No name of an interface is pinned to a card.");
    }
    boolean used =
        facts.network().interfaces().stream().anyMatch(i -> i.dhcp() && pinned.contains(i.name()));
    var outcome =
        Outcome.fail("Names of interfaces are pinned to cards that will not be there.", found);
    return used ? outcome : outcome.atMost(Severity.WARNING);
  }

  private static Outcome manager(GuestFacts facts) throws IOException {
    int major = facts.os().major().orElse(0);
    if (!RED_HAT.contains(facts.os().distribution().orElse("")) || major < 5 || major > 7) {
      return Outcome.notApplicable("The system is no Red Hat up to 7.");
    }
    List<String> managers = facts.network().managers();
    if (managers.isEmpty()) {
      return Outcome.fail(
              "Neither network nor NetworkManager is started.",
              new Evidence("services", "none", "network"))
          .atLeast(Severity.ERROR);
    }
    return managers.contains("NetworkManager") && !managers.contains("network")
        ? Outcome.fail(
            "NetworkManager is started and the service network is not.",
            new Evidence("services", "NetworkManager", "network"))
        : Outcome.pass("The network is brought up by " + String.join(" and ", managers) + ".");
  }

  private static Outcome leftovers(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    List<Evidence> found = new ArrayList<>();
    files
        .text("etc/sysconfig/network")
        .flatMap(t -> Lines.first(t, "^GATEWAY=.+$", 0))
        .ifPresent(l -> found.add(new Evidence("/etc/sysconfig/network", l, "none")));
    for (String name :
        files.names(
            "etc/sysconfig/network-scripts",
            n -> n.startsWith("route-") || n.startsWith("rule-"))) {
      found.add(new Evidence("/etc/sysconfig/network-scripts/" + name, "fixed routes", "none"));
    }
    files
        .text("etc/environment")
        .flatMap(t -> Lines.first(t.toLowerCase(Locale.ROOT), "^(https?_proxy=.+)$", 1))
        .ifPresent(l -> found.add(new Evidence("/etc/environment", "a proxy", "none")));
    boolean ownResolver =
        files
            .ownAttributes("etc/resolv.conf")
            .filter(a -> a.kind() == FileKind.REGULAR)
            .isPresent();
    if (ownResolver) {
      files
          .text("etc/resolv.conf")
          .flatMap(t ->
              Lines.first(
                  t, "^nameserver\\s+((?:10|192\\.168|172\\.(?:1[6-9]|2[0-9]|3[01]))\\..*)$", 1))
          .ifPresent(l ->
              found.add(
                  new Evidence("/etc/resolv.conf", "nameserver " + l, "one that is reached")));
    }
    return found.isEmpty()
        ? Outcome.pass("Nothing is left of the old network.")
        : Outcome.fail("Something is left of the old network.", found);
  }
}
