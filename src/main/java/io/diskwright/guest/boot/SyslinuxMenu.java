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
    List<EntryDraft> drafts = new ArrayList<>();
    String name = "";
    int number = 0;
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      number++;
      String line = raw.strip();
      if (line.length() > MAX_LINE || line.startsWith("#") || drafts.size() == MAX_ENTRIES) {
        continue;
      }
      String[] words = line.split("\\s+", 2);
      String word = words[0].toLowerCase(Locale.ROOT);
      String rest = words.length > 1 ? words[1].strip() : "";
      switch (word) {
        case "default", "ontimeout" -> name = name.isEmpty() ? rest : name;
        case "label" -> drafts.add(new EntryDraft(rest, rest, "/" + path + ":" + number));
        default -> {
          if (!drafts.isEmpty()) {
            statement(word, rest, drafts.getLast());
          }
        }
      }
    }
    List<BootEntry> entries = drafts.stream().map(EntryDraft::entry).toList();
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

  private static void statement(String word, String rest, EntryDraft draft) {
    switch (word) {
      case "kernel", "linux" -> draft.kernel(rest);
      case "initrd" -> initrds(rest, draft);
      case "append" -> {
        draft.options(rest);
        for (String option : rest.split("\\s+", -1)) {
          if (option.startsWith("initrd=")) {
            initrds(option.substring("initrd=".length()), draft);
          }
        }
      }
      default -> {}
    }
  }

  private static void initrds(String list, EntryDraft draft) {
    List.of(list.split(",", -1)).forEach(draft::initrd);
  }
}
