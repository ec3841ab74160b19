package io.diskwright.guest.network;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The {@code .network} files of systemd-networkd. */
final class NetworkFiles {

  private static final List<String> DIRECTORIES =
      List.of("etc/systemd/network", "usr/lib/systemd/network", "lib/systemd/network");
  private static final Set<String> DHCP = Set.of("yes", "true", "ipv4", "both", "1", "on");

  private NetworkFiles() {}

  static void read(GuestReader reader, NetworkSetup.Found found) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String directory : DIRECTORIES) {
      for (String name : reader.names(directory, n -> n.endsWith(".network"))) {
        files.putIfAbsent(name, directory + "/" + name);
      }
    }
    for (String path : files.values()) {
      Sections file = Sections.parse(reader.text(path).orElse(""));
      for (String dropIn : reader.names(path + ".d", n -> n.endsWith(".conf"))) {
        file.add(reader.text(path + ".d/" + dropIn).orElse(""));
      }
      String name = file.last("Match", "Name");
      boolean other =
          !file.last("Match", "Type").isEmpty() && !file.last("Match", "Type").contains("ether")
              || !file.last("Match", "Virtualization").isEmpty()
              || NetworkSetup.isVirtual(name)
              || name.contains("host0")
              || name.startsWith("ve-")
              || name.startsWith("vb-")
              || name.startsWith("vz-");
      // Without a Match section a file is not used; with an empty one it is for any.
      if (other || !hasMatch(file)) {
        continue;
      }
      List<String> addresses = new ArrayList<>(file.all("Network", "address"));
      addresses.addAll(file.all("Address", "address"));
      String dhcp = file.last("Network", "DHCP").toLowerCase(Locale.ROOT);
      found.interfaces.add(
          new Interface(
              "systemd-networkd",
              name.isEmpty() ? "*" : name,
              file.last("Match", "MACAddress"),
              DHCP.contains(dhcp),
              addresses.stream().map(a -> a.split("/", 2)[0]).toList(),
              !file.last("Network", "IPv6AcceptRA").matches("no|false|0|off"),
              true,
              "/" + path));
    }
  }

  private static boolean hasMatch(Sections file) {
    return !file.all("Match", "").isEmpty();
  }
}
