package io.diskwright.guest.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a release of Windows has in its registry, and what it is.
 *
 * @param software values of {@code SOFTWARE\Microsoft\Windows NT\CurrentVersion}; numbers start
 *     with {@code #}
 * @param system values of the current control set, by name
 */
record WindowsRelease(
    String product,
    String version,
    String name,
    String edition,
    String architecture,
    Map<String, String> software,
    Map<String, String> system) {

  static List<WindowsRelease> all() throws IOException {
    List<WindowsRelease> releases = new ArrayList<>();
    try (var resource = WindowsRelease.class.getResourceAsStream("windows.txt")) {
      String text =
          new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
      for (String section : text.substring(3).split("\n== ")) {
        List<String> lines = section.lines().toList();
        String[] head = lines.getFirst().split(" \\| ", 5);
        Map<String, String> software = new LinkedHashMap<>();
        Map<String, String> system = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
          String[] value = line.split("=", 2);
          if (value[0].startsWith("@")) {
            system.put(value[0].substring(1), value[1]);
          } else {
            software.put(value[0], value[1]);
          }
        }
        releases.add(
            new WindowsRelease(head[0], head[1], head[2], head[3], head[4], software, system));
      }
    }
    return releases;
  }

  @Override
  public String toString() {
    return product + " " + version + " " + edition;
  }
}
