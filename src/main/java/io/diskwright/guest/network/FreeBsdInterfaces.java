package io.diskwright.guest.network;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The interfaces of FreeBSD's rc.conf(5). */
final class FreeBsdInterfaces {

  private static final String PREFIX = "ifconfig_";

  private FreeBsdInterfaces() {}

  static void read(GuestReader reader, NetworkSetup.Found found) throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (String path : List.of("etc/rc.conf", "etc/rc.conf.local")) {
      for (String line : (Iterable<String>) reader.text(path).orElse("").lines()::iterator) {
        int sign = line.indexOf('=');
        if (line.startsWith(PREFIX) && sign > 0) {
          values.put(
              line.substring(PREFIX.length(), sign), line.substring(sign + 1).replace("\"", ""));
        }
      }
    }
    for (Map.Entry<String, String> value : values.entrySet()) {
      String name = value.getKey();
      if (name.endsWith("_ipv6") || name.contains("_alias") || NetworkSetup.isVirtual(name)) {
        continue;
      }
      String words = " " + value.getValue().toUpperCase(Locale.ROOT) + " ";
      List<String> addresses = new ArrayList<>();
      add(value.getValue(), "inet ", addresses);
      String six = values.getOrDefault(name + "_ipv6", "");
      add(six, "inet6 ", addresses);
      found.interfaces.add(
          new Interface(
              "rc.conf",
              name.equals("DEFAULT") ? "*" : name,
              "",
              words.contains("DHCP "),
              addresses,
              six.contains("accept_rtadv"),
              !words.contains(" NOAUTO "),
              "/etc/rc.conf"));
    }
  }

  private static void add(String text, String word, List<String> addresses) {
    int at = text.indexOf(word);
    if (at >= 0) {
      String address = text.substring(at + word.length()).strip().split("[\\s/]", 2)[0];
      if (address.contains(".") || address.contains(":")) {
        addresses.add(address);
      }
    }
  }
}
