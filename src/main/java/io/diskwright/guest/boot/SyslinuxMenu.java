package io.diskwright.guest.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The menu of syslinux and extlinux. */
final class SyslinuxMenu {

  private static final int MAX_ENTRIES = 512;
  private static final int MAX_LINE = 4096;

  private SyslinuxMenu() {}

  static BootSetup read(String path, String text) {
    List<BootEntry> entries = new ArrayList<>();
    String name = "";
    String label = "";
    String kernel = "";
    String options = "";
    List<String> initrds = new ArrayList<>();
    int begun = 0;
    int number = 0;
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      number++;
      String line = raw.strip();
      if (line.length() > MAX_LINE || line.startsWith("#") || entries.size() == MAX_ENTRIES) {
        continue;
      }
      String[] words = line.split("\\s+", 2);
      String rest = words.length > 1 ? words[1].strip() : "";
      switch (words[0].toLowerCase(Locale.ROOT)) {
        case "default", "ontimeout" -> name = name.isEmpty() ? rest : name;
        case "label" -> {
          if (begun > 0) {
            entries.add(entry(label, kernel, initrds, options, path, begun));
          }
          label = rest;
          kernel = "";
          options = "";
          initrds = new ArrayList<>();
          begun = number;
        }
        case "kernel", "linux" -> kernel = rest;
        case "initrd" -> initrds.addAll(List.of(rest.split(",", -1)));
        case "append" -> {
          options = rest;
          for (String word : rest.split("\\s+", -1)) {
            if (word.startsWith("initrd=")) {
              initrds.addAll(List.of(word.substring("initrd=".length()).split(",", -1)));
            }
          }
        }
        default -> {}
      }
    }
    if (begun > 0) {
      entries.add(entry(label, kernel, initrds, options, path, begun));
    }
    String wanted = name;
    Optional<BootEntry> found =
        wanted.isEmpty()
            ? entries.stream().findFirst()
            : entries.stream().filter(e -> e.id().equals(wanted)).findFirst();
    return new BootSetup(
        "syslinux",
        "/" + path,
        entries,
        found,
        wanted,
        found.isPresent() ? "" : "there is no label " + wanted + ", the default");
  }

  private static BootEntry entry(
      String label, String kernel, List<String> initrds, String options, String path, int line) {
    return new BootEntry(label, label, kernel, initrds, options, "", "/" + path + ":" + line);
  }
}
