package io.diskwright.guest.os;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration of GRUB 2 as {@code grub-mkconfig} writes it: menu entries, submenus, and which
 * of them is the default. It is a program; what only running it would tell is not told.
 *
 * @param defaults what {@code default} is set to, in the file's order
 * @param bootLoaderEntries whether the menu also comes from files of the Boot Loader Specification
 */
record GrubConfig(BootMenu menu, List<String> defaults, boolean bootLoaderEntries) {

  private static final Pattern ENTRY =
      Pattern.compile("(menuentry|submenu)\\s+(?:'([^']*)'|\"([^\"]*)\"|(\\S+))(.*)\\{");
  private static final Pattern ID =
      Pattern.compile(
          "(?:--id|\\$\\{?menuentry_id_option\\}?)[\\s=]+(?:'([^']*)'|\"([^\"]*)\"|(\\S+))");
  private static final Pattern DEFAULT = Pattern.compile("set\\s+default=\"?([^\"]*?)\"?");
  private static final Pattern LINUX =
      Pattern.compile(
          "(?:linux|linux16|linuxefi|module|module2)\\s+(?:--\\S+\\s+)*(\\S+)(?:\\s.*)?");

  static GrubConfig parse(String text) {
    var menu = new BootMenu();
    List<String> defaults = new ArrayList<>();
    boolean bootLoaderEntries = false;
    Deque<Block> blocks = new ArrayDeque<>();
    int entries = 0;
    for (String raw : Limits.lines(text)) {
      String line = raw.strip();
      Matcher entry = ENTRY.matcher(line);
      if (entry.matches() && entries < Limits.MENU_ENTRIES) {
        entries++;
        BootMenu parent = blocks.isEmpty() ? menu : blocks.peek().menu().orElse(menu);
        BootMenu.Item item = parent.add(first(entry, 2), id(entry.group(5)));
        blocks.push(new Block(Optional.of(item)));
      } else if (line.endsWith("{") && !line.startsWith("#")) {
        blocks.push(new Block(Optional.empty()));
      } else if (line.equals("}")) {
        blocks.poll();
      } else {
        bootLoaderEntries |= line.equals("blscfg");
        Matcher set = DEFAULT.matcher(line);
        if (set.matches() && defaults.size() < Limits.MENU_ENTRIES) {
          defaults.add(set.group(1));
        }
        Matcher linux = LINUX.matcher(line);
        if (linux.matches() && !blocks.isEmpty()) {
          blocks.peek().item().ifPresent(item -> item.starts(linux.group(1)));
        }
      }
      if (blocks.size() > Limits.MENU_ENTRIES) {
        break;
      }
    }
    return new GrubConfig(menu, defaults, bootLoaderEntries);
  }

  /** Whether the default is the one that was saved in the environment block. */
  boolean savesDefault() {
    return defaults.stream().anyMatch(value -> value.contains("saved_entry"));
  }

  /** The default that stands in the file itself. */
  String literalDefault() {
    return defaults.stream().filter(value -> !value.contains("$")).reduce((a, b) -> b).orElse("0");
  }

  private static String id(String options) {
    Matcher id = ID.matcher(options);
    return id.find() ? first(id, 1) : "";
  }

  /** Of three groups, one for each way of quoting, the one that matched. */
  private static String first(Matcher matcher, int group) {
    for (int i = group; i < group + 3; i++) {
      if (matcher.group(i) != null) {
        return matcher.group(i);
      }
    }
    return "";
  }

  /** What a brace opened. */
  private record Block(Optional<BootMenu.Item> item) {
    Optional<BootMenu> menu() {
      return item.map(BootMenu.Item::submenu);
    }
  }
}
