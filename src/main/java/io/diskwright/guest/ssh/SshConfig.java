package io.diskwright.guest.ssh;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What sshd_config(5) sets outside of {@code Match} blocks, {@code Include} expanded where it
 * stands. Of most keywords the first value counts.
 */
public final class SshConfig {

  private static final List<String> MAIN =
      List.of("etc/ssh/sshd_config", "usr/etc/ssh/sshd_config");
  private static final int MAX_DEPTH = 8;
  private static final int MAX_FILES = 128;
  private static final int MAX_SETTINGS = 10_000;

  private final GuestReader reader;
  private final Map<String, List<Setting>> settings = new LinkedHashMap<>();
  private final String path;
  private int files;
  private int count;
  private boolean matched;

  private SshConfig(GuestReader reader, String path) {
    this.reader = reader;
    this.path = path;
  }

  /**
   * One line.
   *
   * @param value its arguments, quotes taken off
   * @param where path and line
   */
  public record Setting(String value, String where) {}

  /** Reads the configuration of a guest; empty when there is none. */
  public static Optional<SshConfig> read(GuestReader reader) throws IOException {
    for (String path : MAIN) {
      if (reader.exists(path)) {
        var config = new SshConfig(reader, "/" + path);
        config.include(path, 0);
        return Optional.of(config);
      }
    }
    return Optional.empty();
  }

  /** The file it starts with. */
  public String path() {
    return path;
  }

  /** All values of a keyword that accumulates, as {@code Port}. */
  public List<Setting> all(String keyword) {
    return settings.getOrDefault(keyword.toLowerCase(Locale.ROOT), List.of());
  }

  /** The value of a keyword that counts. */
  public Optional<Setting> first(String keyword) {
    return all(keyword).stream().findFirst();
  }

  /** Whether there are {@code Match} blocks, whose settings depend on who connects. */
  public boolean hasMatch() {
    return matched;
  }

  private void include(String file, int depth) throws IOException {
    if (depth > MAX_DEPTH || ++files > MAX_FILES) {
      reader.unknown("/" + file, "more files are included than are read");
      return;
    }
    Optional<String> text = reader.text(file);
    if (text.isEmpty()) {
      reader.unknown("/" + file, "could not be read");
      return;
    }
    int number = 0;
    for (String raw : (Iterable<String>) text.get().lines()::iterator) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("[\\s=]+", 2);
      String keyword = words[0].toLowerCase(Locale.ROOT);
      String value = words.length > 1 ? words[1].strip() : "";
      if (keyword.equals("match")) {
        // The rest of the file belongs to blocks; "Match all" ends them.
        matched = true;
        if (!value.equalsIgnoreCase("all")) {
          return;
        }
      } else if (keyword.equals("include")) {
        for (String pattern : value.split("\\s+", -1)) {
          for (String included : expand(unquoted(pattern))) {
            include(included, depth + 1);
          }
        }
      } else if (++count <= MAX_SETTINGS) {
        settings
            .computeIfAbsent(keyword, k -> new ArrayList<>())
            .add(new Setting(unquoted(value), "/" + file + ":" + number));
      }
    }
  }

  private List<String> expand(String pattern) throws IOException {
    String path = pattern.startsWith("/") ? pattern.substring(1) : "etc/ssh/" + pattern;
    int slash = path.lastIndexOf('/');
    String directory = path.substring(0, Math.max(0, slash));
    String name = path.substring(slash + 1);
    int star = name.indexOf('*');
    if (star < 0) {
      return reader.exists(path) ? List.of(path) : List.of();
    }
    String head = name.substring(0, star);
    String tail = name.substring(star + 1);
    if (tail.contains("*") || directory.contains("*")) {
      reader.unknown(pattern, "a pattern that is not expanded");
      return List.of();
    }
    return reader
        .names(
            directory,
            n ->
                n.length() >= head.length() + tail.length()
                    && n.startsWith(head)
                    && n.endsWith(tail))
        .stream()
        .map(n -> directory + "/" + n)
        .toList();
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
