package io.diskwright.guest.boot;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The menu of GRUB 0.9: {@code menu.lst}, {@code grub.conf}. */
final class LegacyMenu {

  private static final int MAX_ENTRIES = 512;
  private static final int MAX_LINE = 4096;

  private LegacyMenu() {}

  static BootSetup read(GuestReader reader, String path, String text) throws IOException {
    List<EntryDraft> drafts = new ArrayList<>();
    String name = "0";
    int number = 0;
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      number++;
      String line = raw.strip();
      if (line.length() > MAX_LINE || line.startsWith("#") || drafts.size() == MAX_ENTRIES) {
        continue;
      }
      String[] words = line.split("[\\s=]+", 2);
      String rest = words.length > 1 ? words[1].strip() : "";
      if (words[0].equals("title")) {
        drafts.add(new EntryDraft(rest, "", "/" + path + ":" + number));
      } else if (drafts.isEmpty()) {
        name = words[0].equals("default") ? rest : name;
      } else {
        statement(words[0], rest, drafts.getLast());
      }
    }
    List<BootEntry> entries = drafts.stream().map(EntryDraft::entry).toList();
    String wanted =
        name.equals("saved")
            ? reader
                .text("boot/grub/default")
                .map(t -> t.lines().findFirst().orElse("0"))
                .orElse("0")
            : name;
    Optional<BootEntry> found = numbered(entries, wanted.strip());
    return new BootSetup(
        "GRUB legacy",
        "/" + path,
        entries,
        found,
        wanted.strip(),
        found.isPresent() ? "" : "the menu has no entry " + wanted.strip() + ", the default");
  }

  private static void statement(String word, String rest, EntryDraft draft) {
    switch (word) {
      case "kernel", "module" -> {
        boolean linux = !rest.contains("xen.gz") && !rest.matches(".*/xen-[^ ]*\\.gz.*");
        if (linux && !draft.hasKernel()) {
          String[] parts = rest.replaceFirst("^--\\S+\\s+", "").split("\\s+", 2);
          draft.kernel(withoutDevice(parts[0]));
          draft.options(parts.length > 1 ? parts[1] : "");
        } else if (linux && word.equals("module")) {
          draft.initrd(withoutDevice(rest.split("\\s+", 2)[0]));
        }
      }
      case "initrd" -> draft.initrd(withoutDevice(rest.split("\\s+", 2)[0]));
      default -> {}
    }
  }

  /** {@code (hd0,0)/vmlinuz} is {@code /vmlinuz} of some volume. */
  private static String withoutDevice(String path) {
    int end = path.startsWith("(") ? path.indexOf(')') : -1;
    return path.substring(end + 1);
  }

  private static Optional<BootEntry> numbered(List<BootEntry> entries, String name) {
    boolean isNumber =
        !name.isEmpty() && name.length() < 5 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    int number = isNumber ? Integer.parseInt(name) : entries.size();
    return number < entries.size() ? Optional.of(entries.get(number)) : Optional.empty();
  }
}
