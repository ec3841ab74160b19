package io.diskwright.guest.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Files of sections with {@code key=value} lines, as systemd's and NetworkManager's. */
final class Sections {

  private static final int MAX_LINES = 5_000;

  private final List<String[]> lines = new ArrayList<>();

  static Sections parse(String text) {
    var parsed = new Sections();
    parsed.add(text);
    return parsed;
  }

  /** Adds a drop-in. */
  void add(String text) {
    String section = "";
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      String line = raw.strip();
      int sign = line.indexOf('=');
      if (line.startsWith("[") && line.endsWith("]")) {
        section = line.substring(1, line.length() - 1);
      } else if (sign > 0
          && !line.startsWith("#")
          && !line.startsWith(";")
          && lines.size() < MAX_LINES) {
        lines.add(
            new String[] {
              section, line.substring(0, sign).strip(), line.substring(sign + 1).strip()
            });
      }
    }
  }

  /** All values of a key whose name starts so. */
  List<String> all(String section, String key) {
    return lines.stream()
        .filter(
            l -> l[0].equalsIgnoreCase(section) && l[1].toLowerCase(Locale.ROOT).startsWith(key))
        .map(l -> l[2])
        .toList();
  }

  /** The last value of a key, empty when it has none. */
  String last(String section, String key) {
    return lines.stream()
        .filter(l -> l[0].equalsIgnoreCase(section) && l[1].equalsIgnoreCase(key))
        .map(l -> l[2])
        .reduce("", (a, b) -> b);
  }
}
