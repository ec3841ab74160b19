package io.diskwright.guest.network;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Debian's interfaces(5), with {@code source} and {@code source-directory}. */
final class InterfacesFile {

  private static final String MAIN = "etc/network/interfaces";
  private static final int MAX_DEPTH = 8;

  private final GuestReader reader;
  private final Set<String> started = new HashSet<>();
  private final List<Interface> stanzas = new ArrayList<>();
  private final NetworkSetup.Found found;

  private InterfacesFile(GuestReader reader, NetworkSetup.Found found) {
    this.reader = reader;
    this.found = found;
  }

  static void read(GuestReader reader, NetworkSetup.Found found) throws IOException {
    var file = new InterfacesFile(reader, found);
    file.include(MAIN, 0);
    for (Interface one : file.stanzas) {
      if (NetworkSetup.isVirtual(one.name())) {
        continue;
      }
      if (NetworkSetup.isLayered(one.name())) {
        found.layered.add(one.where());
        continue;
      }
      found.interfaces.add(
          new Interface(
              one.backend(),
              one.name(),
              one.hardware(),
              one.dhcp(),
              one.addresses(),
              one.ipv6(),
              file.started.contains(one.name()),
              one.where()));
    }
  }

  private void include(String path, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      reader.unknown("/" + path, "included too deep");
      return;
    }
    int number = 0;
    String name = "";
    String family = "";
    String method = "";
    String where = "";
    List<String> addresses = new ArrayList<>();
    for (String raw : (Iterable<String>) reader.text(path).orElse("").lines()::iterator) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\\s+", -1);
      boolean stanza =
          Set.of("iface", "mapping", "source", "source-directory", "auto").contains(words[0])
              || words[0].startsWith("allow-");
      if (stanza && !name.isEmpty()) {
        add(name, family, method, addresses, where);
        name = "";
        addresses = new ArrayList<>();
      }
      if (words[0].equals("auto")
          || words[0].equals("allow-hotplug")
          || words[0].equals("allow-auto")) {
        started.addAll(List.of(words).subList(1, words.length));
      } else if (words[0].equals("iface") && words.length >= 4) {
        name = words[1];
        family = words[2];
        method = words[3];
        where = "/" + path + ":" + number;
      } else if (words[0].equals("address") && words.length > 1) {
        addresses.add(words[1].split("/", 2)[0]);
      } else if (words[0].equals("source") && words.length > 1) {
        source(words[1], depth);
      } else if (words[0].equals("source-directory") && words.length > 1) {
        source(words[1] + "/*", depth);
      }
    }
    if (!name.isEmpty()) {
      add(name, family, method, addresses, where);
    }
  }

  private void source(String pattern, int depth) throws IOException {
    String path = pattern.startsWith("/") ? pattern.substring(1) : "etc/network/" + pattern;
    int slash = path.lastIndexOf('/');
    String directory = path.substring(0, Math.max(0, slash));
    String last = path.substring(slash + 1);
    if (!last.contains("*")) {
      include(path, depth + 1);
      return;
    }
    String head = last.substring(0, last.indexOf('*'));
    for (String name :
        reader.names(directory, n -> n.matches("[A-Za-z0-9_.-]+") && n.startsWith(head))) {
      include(directory + "/" + name, depth + 1);
    }
  }

  /** An interface may have a stanza for each family; they are one configuration. */
  private void add(
      String name, String family, String method, List<String> addresses, String where) {
    boolean six = family.equals("inet6");
    boolean dhcp = !six && method.equals("dhcp");
    boolean auto = six && (method.equals("auto") || method.equals("dhcp"));
    for (int i = 0; i < stanzas.size(); i++) {
      Interface other = stanzas.get(i);
      if (other.name().equals(name)) {
        List<String> all = new ArrayList<>(other.addresses());
        all.addAll(addresses);
        stanzas.set(
            i,
            new Interface(
                other.backend(),
                name,
                "",
                other.dhcp() || dhcp,
                all,
                other.ipv6() || auto,
                false,
                other.where()));
        return;
      }
    }
    if (method.equals("manual") && addresses.isEmpty()) {
      found.problems.add(where + ": " + name + " is configured by hand");
      return;
    }
    stanzas.add(new Interface("ifupdown", name, "", dhcp, addresses, auto, false, where));
  }
}
