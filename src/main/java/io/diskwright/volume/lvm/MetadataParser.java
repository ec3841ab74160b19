package io.diskwright.volume.lvm;

import io.diskwright.io.CorruptImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses LVM's text: {@code name = value}, {@code name \{ … \}}, lists in brackets, comments from
 * {@code #} to the end of the line.
 */
final class MetadataParser {

  /** A volume group's text has four levels. */
  private static final int MAX_DEPTH = 16;

  private final String source;
  private final String text;
  private int at;

  private MetadataParser(String source, String text) {
    this.source = source;
    this.text = text;
  }

  /** The sections and values at the top of a text. */
  static Section parse(String source, String text) throws CorruptImage {
    return new MetadataParser(source, text).section("", 0);
  }

  private Section section(String path, int depth) throws CorruptImage {
    if (depth > MAX_DEPTH) {
      throw corrupt("more than " + MAX_DEPTH + " levels of sections");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    while (true) {
      skipBlanks();
      if (isAtEnd() || peek() == '}') {
        if (isAtEnd() == (depth > 0)) {
          throw corrupt(isAtEnd() ? "the end in a section" : "a brace too many");
        }
        at++;
        return new Section(source, path, values);
      }
      String name = name();
      skipBlanks();
      if (isAtEnd() || (peek() != '{' && peek() != '=')) {
        throw corrupt("a name without a value");
      }
      boolean inner = text.charAt(at++) == '{';
      Object value = inner ? section(path + "/" + name, depth + 1) : value();
      if (values.put(name, value) != null) {
        throw corrupt("a second '" + name + "'");
      }
    }
  }

  private Object value() throws CorruptImage {
    skipBlanks();
    if (isAtEnd() || peek() != '[') {
      return single();
    }
    at++;
    List<Object> list = new ArrayList<>();
    skipBlanks();
    while (!isAtEnd() && peek() != ']') {
      list.add(single());
      skipBlanks();
      if (!isAtEnd() && peek() == ',') {
        at++;
        skipBlanks();
      }
    }
    if (isAtEnd()) {
      throw corrupt("the end in a list");
    }
    at++;
    return list;
  }

  private Object single() throws CorruptImage {
    if (!isAtEnd() && (peek() == '"' || peek() == '\'')) {
      return quoted();
    }
    int start = at;
    while (!isAtEnd() && isInNumber(peek())) {
      at++;
    }
    String number = text.substring(start, at);
    try {
      // Some values are fractions; none of those is of use here.
      return number.contains(".") ? number : (Object) Long.parseLong(number);
    } catch (NumberFormatException e) {
      throw corrupt("no value");
    }
  }

  private static boolean isInNumber(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
  }

  private String quoted() throws CorruptImage {
    char quote = text.charAt(at++);
    var value = new StringBuilder();
    while (!isAtEnd() && peek() != quote) {
      if (peek() == '\\' && at < text.length() - 1) {
        at++;
      }
      value.append(text.charAt(at++));
    }
    if (isAtEnd()) {
      throw corrupt("the end in a text");
    }
    at++;
    return value.toString();
  }

  private String name() throws CorruptImage {
    int start = at;
    while (!isAtEnd() && !Character.isWhitespace(peek()) && "={}[]\"#,".indexOf(peek()) < 0) {
      at++;
    }
    if (at == start) {
      throw corrupt("no name");
    }
    return text.substring(start, at);
  }

  /** Blanks, comments, and the NUL that ends the text. */
  private void skipBlanks() {
    while (!isAtEnd()) {
      if (peek() == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (Character.isWhitespace(peek()) || peek() == '\0') {
        at++;
      } else {
        return;
      }
    }
  }

  private boolean isAtEnd() {
    return at >= text.length();
  }

  private char peek() {
    return text.charAt(at);
  }

  private CorruptImage corrupt(String found) {
    return new CorruptImage(
        source, "LVM text", Math.min(at, text.length()), found, "the text of a volume group");
  }
}
