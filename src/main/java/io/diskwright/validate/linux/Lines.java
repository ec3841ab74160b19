package io.diskwright.validate.linux;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of configuration files. */
final class Lines {

  /** Characters of a line that are looked at. */
  private static final int MAX = 4096;

  private Lines() {}

  /** A group of the first line that matches a pattern. */
  static Optional<String> first(String text, String pattern, int group) {
    var compiled = Pattern.compile(pattern);
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (line.length() <= MAX) {
        Matcher matcher = compiled.matcher(line);
        if (matcher.matches()) {
          return Optional.of(matcher.group(group));
        }
      }
    }
    return Optional.empty();
  }

  /** The line with a number from 0, empty when there are fewer. */
  static String at(String text, int number) {
    return text.lines().skip(number).findFirst().orElse("");
  }
}
