package io.diskwright.guest;

import io.diskwright.io.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of /etc/fstab as libmount reads it.
 *
 * @param entries in the file's order
 * @param problems lines that are no entries, and why
 */
record Fstab(List<FstabEntry> entries, List<String> problems) {

  static final int MAX_ENTRIES = 1024;

  private static final int MAX_LINE = 4096;
  private static final int MAX_PROBLEMS = 64;
  private static final int FIELDS = 6;

  static Fstab parse(String text) {
    List<FstabEntry> entries = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (entries.size() == MAX_ENTRIES || problems.size() == MAX_PROBLEMS) {
        problems.add("line " + number + ": more than are read");
        break;
      }
      FstabEntry entry = line.length() > MAX_LINE ? null : entry(number, line);
      if (entry == null) {
        String shown = line.length() > 80 ? line.substring(0, 80) + "…" : line;
        problems.add("line " + number + ": not an entry: '" + Fault.printable(shown) + "'");
      } else {
        entries.add(entry);
      }
    }
    return new Fstab(List.copyOf(entries), List.copyOf(problems));
  }

  /** Null when it has fewer than the three fields without which nothing is mounted. */
  private static @Nullable FstabEntry entry(int number, String line) {
    List<String> fields = fields(line);
    if (fields.size() < 3) {
      return null;
    }
    while (fields.size() < FIELDS) {
      fields.add("");
    }
    String options = fields.get(3);
    return new FstabEntry(
        number,
        fields.get(0),
        fields.get(1),
        fields.get(2),
        options.isEmpty() ? List.of() : List.of(options.split(",", -1)),
        fields.get(4),
        fields.get(5));
  }

  /** The first six fields; quotes group, as in {@code LABEL="my disk"}. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (at < line.length() && fields.size() < FIELDS) {
      var field = new StringBuilder();
      char quote = 0;
      while (at < line.length() && (quote != 0 || !isBlank(line.charAt(at)))) {
        char c = line.charAt(at);
        if (c == '\\' && isOctal(line, at)) {
          field.append((char) Integer.parseInt(line.substring(at + 1, at + 4), 8));
          at += 4;
          continue;
        }
        if (quote == 0 ? opensQuote(c, field) : c == quote) {
          quote = quote == 0 ? c : 0;
        } else {
          field.append(c);
        }
        at++;
      }
      if (field.length() > 0 && field.charAt(0) == '#' && fields.size() > 3) {
        break;
      }
      fields.add(field.toString());
      while (at < line.length() && isBlank(line.charAt(at))) {
        at++;
      }
    }
    return fields;
  }

  /** A quote opens at a field's start or after the sign of a tag. */
  private static boolean opensQuote(char c, StringBuilder field) {
    return (c == '"' || c == '\'') && (field.isEmpty() || field.charAt(field.length() - 1) == '=');
  }

  private static boolean isOctal(String line, int at) {
    if (at + 4 > line.length() || line.charAt(at + 1) > '3') {
      return false;
    }
    for (int i = at + 1; i < at + 4; i++) {
      if (line.charAt(i) < '0' || line.charAt(i) > '7') {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
