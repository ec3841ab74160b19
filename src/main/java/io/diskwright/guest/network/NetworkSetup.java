package io.diskwright.guest.network;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.guest.service.Services;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The interfaces a guest configures, of all back ends that are started.
 *
 * @param interfaces without loopback, bridges and the like
 * @param managers back ends that are started at boot
 * @param client of DHCP that NetworkManager is told to use, empty for its own
 * @param layered bonds, bridges, teams and VLANs
 * @param problems files that are not understood, and why
 */
public record NetworkSetup(
    List<Interface> interfaces,
    List<String> managers,
    String client,
    List<String> layered,
    List<String> problems) {

  /** Takes copies of the lists. */
  public NetworkSetup {
    interfaces = List.copyOf(interfaces);
    managers = List.copyOf(managers);
    layered = List.copyOf(layered);
    problems = List.copyOf(problems);
  }

  /** Where back ends put what they find. */
  static final class Found {
    final List<Interface> interfaces = new ArrayList<>();
    final List<String> layered = new ArrayList<>();
    final List<String> problems = new ArrayList<>();
  }

  /** Reads the configuration of a guest. */
  public static NetworkSetup read(GuestReader reader, OperatingSystem os, Services services)
      throws IOException {
    var found = new Found();
    List<String> managers = new ArrayList<>();
    if (os.family() == OsFamily.FREEBSD) {
      managers.add("rc.conf");
      FreeBsdInterfaces.read(reader, found);
      return of(found, managers, "");
    }
    boolean networkManager = services.startup("NetworkManager", "network-manager").isEnabled();
    boolean scripts = services.startup("network").isEnabled();
    boolean wicked = services.startup("wicked", "wickedd").isEnabled();
    boolean ifupdown = services.startup("networking", "network-interface", "ifupdown").isEnabled();
    boolean networkd = services.startup("systemd-networkd", "systemd-networkd.socket").isEnabled();
    if (networkManager) {
      managers.add("NetworkManager");
      Keyfiles.read(reader, found);
    }
    if (scripts || networkManager) {
      IfcfgFiles.read(reader, "etc/sysconfig/network-scripts", found);
    }
    if (scripts || wicked) {
      managers.add(wicked ? "wicked" : "network");
      IfcfgFiles.read(reader, "etc/sysconfig/network", found);
    }
    if (ifupdown) {
      managers.add("ifupdown");
      InterfacesFile.read(reader, found);
    }
    if (networkd) {
      managers.add("systemd-networkd");
      NetworkFiles.read(reader, found);
    }
    if (networkManager || networkd) {
      NetplanFiles.read(reader, found);
    }
    if (services.startup("dhcpcd", "dhcpcd5").isEnabled()) {
      managers.add("dhcpcd");
      dhcpcd(reader, found);
    }
    NetworkManagerConfig config = NetworkManagerConfig.read(reader);
    if (networkManager && found.interfaces.isEmpty() && config.configuresByItself()) {
      found.interfaces.add(
          new Interface(
              "NetworkManager", "*", "", true, List.of(), true, true, "/etc/NetworkManager"));
    }
    return of(found, managers, networkManager ? config.client() : "");
  }

  /** dhcpcd asks for every interface, unless its configuration gives addresses. */
  private static void dhcpcd(GuestReader reader, Found found) throws IOException {
    String path = "etc/dhcpcd.conf";
    List<String> addresses = new ArrayList<>();
    for (String line : (Iterable<String>) reader.text(path).orElse("").lines()::iterator) {
      String bare = line.strip();
      if (bare.startsWith("static ip_address=") || bare.startsWith("static ip6_address=")) {
        addresses.add(bare.substring(bare.indexOf('=') + 1).split("[/\\s]", 2)[0]);
      }
    }
    found.interfaces.add(
        new Interface("dhcpcd", "*", "", addresses.isEmpty(), addresses, true, true, "/" + path));
  }

  private static NetworkSetup of(Found found, List<String> managers, String client) {
    return new NetworkSetup(found.interfaces, managers, client, found.layered, found.problems);
  }

  /** Whether a name is that of an interface without a card. */
  static boolean isVirtual(String name) {
    return name.equals("lo")
        || name.startsWith("lo:")
        || name.startsWith("dummy")
        || name.startsWith("tun")
        || name.startsWith("tap")
        || name.startsWith("veth")
        || name.startsWith("docker")
        || name.startsWith("virbr");
  }

  /** Whether a name is that of what lies on top of other interfaces. */
  static boolean isLayered(String name) {
    return name.startsWith("bond")
        || name.startsWith("br")
        || name.startsWith("team")
        || name.startsWith("vlan")
        || name.matches("[a-z0-9]+\\.[0-9]{1,4}");
  }
}
