package io.diskwright.guest.network;

import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The connection profiles of NetworkManager. */
final class Keyfiles {

  private static final List<String> DIRECTORIES =
      List.of(
          "etc/NetworkManager/system-connections",
          "usr/lib/NetworkManager/system-connections",
          "run/NetworkManager/system-connections");
  private static final Set<String> CARDS = Set.of("ethernet", "802-3-ethernet");
  private static final Set<String> LAYERED = Set.of("bond", "bridge", "team", "vlan");

  private Keyfiles() {}

  static void read(GuestReader reader, NetworkSetup.Found found) throws IOException {
    for (String directory : DIRECTORIES) {
      for (String name : reader.names(directory, n -> !n.startsWith("."))) {
        String path = directory + "/" + name;
        Optional<NodeAttributes> file = reader.attributes(path);
        boolean ignored =
            file.isEmpty() || file.get().uid() != 0 || (file.get().permissions() & 077) != 0;
        if (ignored && directory.startsWith("etc")) {
          continue;
        }
        Sections profile = Sections.parse(reader.text(path).orElse(""));
        String type = profile.last("connection", "type");
        if (LAYERED.contains(type)) {
          found.layered.add("/" + path);
        } else if (CARDS.contains(type)) {
          found.interfaces.add(card(profile, "/" + path));
        }
      }
    }
  }

  private static Interface card(Sections profile, String where) {
    List<String> addresses = new ArrayList<>();
    for (String section : List.of("ipv4", "ipv6")) {
      for (String address : profile.all(section, "address")) {
        String bare = address.split("[/,]", 2)[0];
        if (bare.contains(".") || bare.contains(":")) {
          addresses.add(bare);
        }
      }
    }
    String four = profile.last("ipv4", "method");
    String six = profile.last("ipv6", "method");
    String name = profile.last("connection", "interface-name");
    return new Interface(
        "NetworkManager",
        name.isEmpty() ? "*" : name,
        profile.last("ethernet", "mac-address"),
        four.isEmpty() || four.equals("auto"),
        addresses,
        six.isEmpty() || six.equals("auto") || six.equals("dhcp"),
        !profile.last("connection", "autoconnect").equalsIgnoreCase("false"),
        where);
  }
}
