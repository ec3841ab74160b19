package io.diskwright.guest.network;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Netplan's files: of YAML the block maps, lists and scalars that they are written in. */
final class NetplanFiles {

  private static final List<String> DIRECTORIES =
      List.of("lib/netplan", "etc/netplan", "run/netplan");

  private NetplanFiles() {}

  static void read(GuestReader reader, NetworkSetup.Found found) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String directory : DIRECTORIES) {
      for (String name : reader.names(directory, n -> n.endsWith(".yaml"))) {
        files.put(name, directory + "/" + name);
      }
    }
    for (String path : files.values()) {
      String text = reader.text(path).orElse("");
      if (text.contains("{") || text.contains("&") || text.contains("\t")) {
        found.problems.add("/" + path + ": YAML that is not read");
        continue;
      }
      parse(text, "/" + path, found);
    }
  }

  private static void parse(String text, String path, NetworkSetup.Found found) {
    String kind = "";
    int kindIndent = -1;
    int nameIndent = -1;
    @Nullable Device device = null;
    String key = "";
    int number = 0;
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#") || line.equals("---")) {
        continue;
      }
      int indent = raw.indexOf(line);
      boolean opens = line.endsWith(":");
      String word = line.replaceFirst(":.*", "").replace("\"", "").replace("'", "");
      if (opens
          && (word.equals("ethernets")
              || word.matches("bonds|bridges|vlans|wifis|tunnels|modems"))) {
        finish(device, kind, found);
        device = null;
        kind = word;
        kindIndent = indent;
        nameIndent = -1;
      } else if (!kind.isEmpty() && indent <= kindIndent) {
        finish(device, kind, found);
        device = null;
        kind = "";
      } else if (!kind.isEmpty() && (nameIndent < 0 || indent == nameIndent) && opens) {
        finish(device, kind, found);
        nameIndent = indent;
        device = new Device(word, path + ":" + number);
      } else if (device != null) {
        key = line.startsWith("-") ? key : word;
        device.set(key, line);
      }
    }
    finish(device, kind, found);
  }

  private static final class Device {
    private final String name;
    private final String where;
    private String match = "";
    private String hardware = "";
    private boolean dhcp;
    private boolean ipv6;
    private final List<String> addresses = new ArrayList<>();

    Device(String name, String where) {
      this.name = name;
      this.where = where;
    }

    void set(String key, String line) {
      String value =
          line.replaceFirst("^(-|[A-Za-z0-9_-]+:)\\s*", "").replace("\"", "").replace("'", "");
      boolean yes = value.equals("true") || value.equals("yes");
      switch (key) {
        case "dhcp4" -> dhcp = yes;
        case "dhcp6" -> ipv6 = yes;
        case "name" -> match = value;
        case "macaddress" -> hardware = value;
        case "addresses" -> {
          for (String one : value.replace("[", "").replace("]", "").split(",", -1)) {
            String address = one.strip().split("/", 2)[0];
            // Name servers have a list of that name too, without a length of the network.
            if (one.contains("/") && !address.isEmpty()) {
              addresses.add(address);
            }
          }
        }
        default -> {}
      }
    }
  }

  private static void finish(@Nullable Device device, String kind, NetworkSetup.Found found) {
    if (device == null) {
      return;
    }
    if (!kind.equals("ethernets")) {
      found.layered.add(device.where);
      return;
    }
    found.interfaces.add(
        new Interface(
            "netplan",
            device.match.isEmpty() ? device.name : device.match,
            device.hardware,
            device.dhcp,
            device.addresses,
            device.ipv6,
            true,
            device.where));
  }
}
