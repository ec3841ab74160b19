package io.diskwright.guest.os;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Assignments as a shell would read them, one a line: os-release(5) and {@code lsb-release}. Of a
 * name that is set twice the last value counts.
 */
final class Assignments {

  private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)");

  private static final int MAX_NAMES = 256;

  private final Map<String, String> values;

  private Assignments(Map<String, String> values) {
    this.values = values;
  }

  static Assignments parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : Limits.lines(text)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()
          && (values.size() < MAX_NAMES || values.containsKey(matcher.group(1)))) {
        values.put(matcher.group(1), unquoted(matcher.group(2).strip()));
      }
    }
    return new Assignments(values);
  }

  /** A value, empty when it is not set or set to nothing. */
  String get(String name) {
    return GuestReader.clean(values.getOrDefault(name, ""));
  }

  /** The value of a file whose lines are {@code name=value} without any quoting, up to the end. */
  static String line(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1).strip())
        .reduce("", (first, last) -> last);
  }

  private static String unquoted(String value) {
    if (value.isEmpty()) {
      return value;
    }
    char quote = value.charAt(0);
    if (quote != '"' && quote != '\'') {
      int end = 0;
      while (end < value.length() && !Character.isWhitespace(value.charAt(end))) {
        end++;
      }
      return value.substring(0, end);
    }
    var text = new StringBuilder();
    for (int i = 1; i < value.length() && value.charAt(i) != quote; i++) {
      char c = value.charAt(i);
      if (c == '\\' && quote == '"' && i + 1 < value.length()) {
        i++;
        c = value.charAt(i);
      }
      text.append(c);
    }
    return text.toString();
  }
}
