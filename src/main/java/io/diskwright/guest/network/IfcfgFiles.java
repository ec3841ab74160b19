package io.diskwright.guest.network;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files {@code ifcfg-eth0} as Red Hat and SUSE have them. */
final class IfcfgFiles {

  private static final List<String> BACKUPS =
      List.of(
          "~", ".bak", ".orig", ".rpmnew", ".rpmsave", ".rpmorig", ".old", ".save", ".template");
  private static final Set<String> DHCP = Set.of("dhcp", "bootp", "dhcp4", "dhcp+autoip");
  private static final Set<String> STARTED =
      Set.of("auto", "onboot", "hotplug", "boot", "nfsroot", "on");
  private static final int MAX_VALUES = 500;

  private IfcfgFiles() {}

  static void read(GuestReader reader, String directory, NetworkSetup.Found found)
      throws IOException {
    for (String file : reader.names(directory, IfcfgFiles::isConfiguration)) {
      String path = directory + "/" + file;
      Map<String, String> values = assignments(reader.text(path).orElse(""));
      String name = values.getOrDefault("DEVICE", file.substring("ifcfg-".length()));
      String type = values.getOrDefault("TYPE", "").toLowerCase(Locale.ROOT);
      boolean layered =
          NetworkSetup.isLayered(name)
              || type.matches("bond|bridge|team|vlan|ovsbridge")
              || values.containsKey("BONDING_OPTS");
      if (NetworkSetup.isVirtual(name)) {
        continue;
      }
      if (layered) {
        found.layered.add("/" + path);
        continue;
      }
      String protocol = values.getOrDefault("BOOTPROTO", "none").toLowerCase(Locale.ROOT);
      boolean suse = values.containsKey("STARTMODE");
      boolean starts =
          suse
              ? STARTED.contains(values.getOrDefault("STARTMODE", "").toLowerCase(Locale.ROOT))
              : !values.getOrDefault("ONBOOT", "yes").equalsIgnoreCase("no");
      List<String> addresses = new ArrayList<>();
      values.forEach((key, value) -> {
        if (key.startsWith("IPADDR")
            || key.equals("IPV6ADDR")
            || key.equals("IPV6ADDR_SECONDARIES")) {
          addresses.addAll(List.of(value.strip().split("\\s+", -1)));
        }
      });
      addresses.removeIf(String::isEmpty);
      boolean ipv6 =
          isYes(values.get("IPV6INIT"))
              || isYes(values.get("IPV6_AUTOCONF"))
              || isYes(values.get("DHCPV6C"))
              || protocol.equals("dhcp6");
      found.interfaces.add(
          new Interface(
              "ifcfg",
              name,
              values.getOrDefault("HWADDR", ""),
              DHCP.contains(protocol),
              addresses,
              ipv6,
              starts,
              "/" + path));
    }
  }

  private static boolean isYes(@Nullable String value) {
    return "yes".equalsIgnoreCase(value);
  }

  private static boolean isConfiguration(String name) {
    return name.startsWith("ifcfg-")
        && !name.equals("ifcfg-lo")
        && BACKUPS.stream().noneMatch(name::endsWith);
  }

  private static Map<String, String> assignments(String text) {
    Map<String, String> values = new HashMap<>();
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      String line = raw.strip();
      int sign = line.indexOf('=');
      if (sign > 0 && !line.startsWith("#") && values.size() < MAX_VALUES) {
        String value = line.substring(sign + 1).strip();
        boolean quoted =
            value.length() > 1
                && (value.startsWith("\"") && value.endsWith("\"")
                    || value.startsWith("'") && value.endsWith("'"));
        values.put(
            line.substring(0, sign), quoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return values;
  }
}
