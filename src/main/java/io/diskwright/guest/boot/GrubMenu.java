package io.diskwright.guest.boot;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The menu of GRUB 2 as {@code grub-mkconfig} writes it. It is a program; variables and conditions
 * are taken as the stock scripts use them.
 */
final class GrubMenu {

  private static final int MAX_LINE = 4096;
  private static final int MAX_ENTRIES = 512;
  private static final int MAX_DEPTH = 32;
  private static final Pattern ENTRY =
      Pattern.compile("(menuentry|submenu)\\s+(?:'([^']*)'|\"([^\"]*)\"|(\\S+))(.*)");
  private static final Pattern ID =
      Pattern.compile(
          "(?:--id|\\$\\{?menuentry_id_option\\}?)[\\s=]+(?:'([^']*)'|\"([^\"]*)\"|(\\S+))");
  private static final Pattern DEFAULT = Pattern.compile("set\\s+default=\"?([^\"]*?)\"?");
  private static final Pattern UUID =
      Pattern.compile("search\\s.*--fs-uuid\\s.*?(?:--set=\\S+\\s+)?([0-9A-Fa-f-]{8,36})");

  private final String path;
  private final List<Item> menu = new ArrayList<>();
  private final List<String> defaults = new ArrayList<>();
  private boolean loaderEntries;
  private String kernelOptions = "";
  private int count;

  private GrubMenu(String path) {
    this.path = path;
  }

  /** An entry, or a submenu with items of its own. */
  private static final class Item {
    private final String title;
    private final String id;
    private final int line;
    private final boolean submenu;
    private final List<Item> items = new ArrayList<>();
    private final List<String> initrds = new ArrayList<>();
    private String kernel = "";
    private String options = "";
    private String uuid = "";

    private Item(String title, String id, int line, boolean submenu) {
      this.title = title;
      this.id = id;
      this.line = line;
      this.submenu = submenu;
    }

    private boolean isCalled(String name) {
      return name.equals(title) || (!id.isEmpty() && name.equals(id));
    }
  }

  /** Whether a configuration has entries, or takes them from files. */
  static boolean hasMenu(String text) {
    return text.contains("menuentry ") || text.contains("blscfg");
  }

  static BootSetup read(GuestReader reader, String directory, String text) throws IOException {
    var parsed = new GrubMenu("/" + directory + "/grub.cfg");
    parsed.parse(text);
    String environment = reader.text(directory + "/grubenv").orElse("");
    return parsed.setup(reader, environment);
  }

  private void parse(String text) {
    Deque<Optional<Item>> blocks = new ArrayDeque<>();
    int number = 0;
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      number++;
      String line = raw.strip();
      if (line.length() > MAX_LINE || line.startsWith("#")) {
        continue;
      }
      Matcher entry = ENTRY.matcher(line);
      if (line.endsWith("{") && entry.matches() && count < MAX_ENTRIES) {
        count++;
        var item =
            new Item(first(entry, 2), id(entry.group(5)), number, entry.group(1).equals("submenu"));
        siblings(blocks).add(item);
        blocks.push(Optional.of(item));
      } else if (line.endsWith("{")) {
        blocks.push(Optional.empty());
      } else if (line.equals("}")) {
        blocks.poll();
      } else {
        statement(line, blocks.stream().flatMap(Optional::stream).findFirst());
      }
      if (blocks.size() > MAX_DEPTH) {
        return;
      }
    }
  }

  private List<Item> siblings(Deque<Optional<Item>> blocks) {
    return blocks.stream()
        .flatMap(Optional::stream)
        .findFirst()
        .map(item -> item.items)
        .orElse(menu);
  }

  private void statement(String line, Optional<Item> inside) {
    if (line.equals("blscfg")) {
      loaderEntries = true;
    }
    Matcher set = DEFAULT.matcher(line);
    if (set.matches() && defaults.size() < MAX_ENTRIES) {
      defaults.add(set.group(1));
    }
    if (line.startsWith("set kernelopts=")) {
      kernelOptions = line.substring("set kernelopts=".length()).replace("\"", "").strip();
    }
    if (inside.isEmpty()) {
      return;
    }
    Item item = inside.get();
    String[] words = line.split("\\s+", -1);
    switch (words[0]) {
      case "linux", "linux16", "linuxefi" -> {
        if (item.kernel.isEmpty() && words.length > 1) {
          item.kernel = words[1];
          item.options = line.substring(line.indexOf(words[1]) + words[1].length()).strip();
        }
      }
      case "initrd", "initrd16", "initrdefi" -> {
        if (item.initrds.isEmpty()) {
          item.initrds.addAll(List.of(words).subList(1, words.length));
        }
      }
      case "search" -> {
        Matcher uuid = UUID.matcher(line);
        if (uuid.find()) {
          item.uuid = uuid.group(1);
        }
      }
      default -> {}
    }
  }

  private BootSetup setup(GuestReader reader, String environment) throws IOException {
    List<BootEntry> flat = new ArrayList<>();
    flatten(menu, flat);
    String name = defaultName(environment);
    if (loaderEntries) {
      String options = Environment.value(environment, "kernelopts").orElse(kernelOptions);
      Optional<List<BootEntry>> files = LoaderEntries.read(reader, options);
      if (files.isPresent()) {
        List<BootEntry> all = new ArrayList<>(files.get());
        all.addAll(flat);
        Optional<BootEntry> named = named(files.get(), name);
        return setup(all, named.or(() -> files.get().stream().findFirst()), name);
      }
    }
    return setup(flat, find(name), name);
  }

  private BootSetup setup(List<BootEntry> entries, Optional<BootEntry> entry, String name) {
    String problem =
        entry.isPresent() ? "" : "no entry of the menu is called '" + name + "', the default";
    return new BootSetup("GRUB 2", path, entries, entry, name, problem);
  }

  /** What is started once comes before what was saved, and that before what the file says. */
  private String defaultName(String environment) {
    Optional<String> next = Environment.value(environment, "next_entry");
    if (next.isPresent() && defaults.stream().anyMatch(d -> d.contains("next_entry"))) {
      return next.get();
    }
    Optional<String> saved = Environment.value(environment, "saved_entry");
    if (saved.isPresent() && defaults.stream().anyMatch(d -> d.contains("saved_entry"))) {
      return saved.get();
    }
    return defaults.stream().filter(d -> !d.contains("$")).reduce((a, b) -> b).orElse("0");
  }

  private static Optional<BootEntry> named(List<BootEntry> entries, String name) {
    for (int i = 0; i < entries.size(); i++) {
      BootEntry entry = entries.get(i);
      if (name.equals(entry.id())
          || name.equals(entry.title())
          || name.equals(Integer.toString(i))) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  private Optional<BootEntry> find(String name) {
    List<Item> items = menu;
    Optional<Item> item = Optional.empty();
    for (String step : name.split(">", 8)) {
      item = item(items, step.strip());
      if (item.isEmpty()) {
        return menu.stream().filter(i -> i.isCalled(name)).findFirst().flatMap(this::leaf);
      }
      items = item.get().items;
    }
    return item.flatMap(this::leaf);
  }

  /** A submenu starts its first entry. */
  private Optional<BootEntry> leaf(Item item) {
    Item at = item;
    while (at.submenu && !at.items.isEmpty()) {
      at = at.items.getFirst();
    }
    return Optional.of(entry(at));
  }

  private static Optional<Item> item(List<Item> items, String name) {
    for (Item item : items) {
      if (item.isCalled(name)) {
        return Optional.of(item);
      }
    }
    boolean isNumber =
        !name.isEmpty() && name.length() < 5 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    int number = isNumber ? Integer.parseInt(name) : items.size();
    return number < items.size() ? Optional.of(items.get(number)) : Optional.empty();
  }

  private void flatten(List<Item> items, List<BootEntry> into) {
    for (Item item : items) {
      if (item.submenu) {
        flatten(item.items, into);
      } else {
        into.add(entry(item));
      }
    }
  }

  private BootEntry entry(Item item) {
    return new BootEntry(
        item.title,
        item.id,
        item.kernel,
        item.initrds,
        item.options,
        item.uuid,
        path + ":" + item.line);
  }

  private static String id(String options) {
    Matcher id = ID.matcher(options);
    return id.find() ? first(id, 1) : "";
  }

  private static String first(Matcher matcher, int group) {
    for (int i = group; i < group + 3; i++) {
      if (matcher.group(i) != null) {
        return matcher.group(i);
      }
    }
    return "";
  }
}
