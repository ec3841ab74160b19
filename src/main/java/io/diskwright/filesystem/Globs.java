package io.diskwright.filesystem;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Glob patterns as {@link java.nio.file.FileSystem#getPathMatcher} describes them. */
final class Globs {

  private static final String SPECIAL_IN_REGEX = ".^$+(){}|\\";

  private Globs() {}

  static Pattern compile(String glob) {
    var regex = new StringBuilder();
    int at = 0;
    boolean inGroup = false;
    while (at < glob.length()) {
      char c = glob.charAt(at++);
      switch (c) {
        case '*' -> {
          boolean crossing = at < glob.length() && glob.charAt(at) == '*';
          at += crossing ? 1 : 0;
          regex.append(crossing ? ".*" : "[^/]*");
        }
        case '?' -> regex.append("[^/]");
        case '[' -> at = bracket(glob, at, regex);
        case '{' -> {
          if (inGroup) {
            throw new PatternSyntaxException("groups cannot be nested", glob, at - 1);
          }
          inGroup = true;
          regex.append("(?:");
        }
        case '}' -> {
          regex.append(inGroup ? ")" : "\\}");
          inGroup = false;
        }
        case ',' -> regex.append(inGroup ? "|" : ",");
        case '\\' -> {
          if (at == glob.length()) {
            throw new PatternSyntaxException("nothing after the backslash", glob, at - 1);
          }
          literal(glob.charAt(at++), regex);
        }
        default -> literal(c, regex);
      }
    }
    if (inGroup) {
      throw new PatternSyntaxException("a group is not closed", glob, at);
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  private static int bracket(String glob, int from, StringBuilder regex) {
    int end = glob.indexOf(']', from + 1);
    if (end < 0) {
      throw new PatternSyntaxException("a bracket is not closed", glob, from - 1);
    }
    boolean not = glob.charAt(from) == '!';
    String set = glob.substring(not ? from + 1 : from, end);
    regex.append("[[^/]&&[").append(not ? "^" : "");
    for (int i = 0; i < set.length(); i++) {
      char c = set.charAt(i);
      regex.append(c == '-' || Character.isLetterOrDigit(c) ? "" : "\\").append(c);
    }
    regex.append("]]");
    return end + 1;
  }

  private static void literal(char c, StringBuilder regex) {
    regex
        .append(
            SPECIAL_IN_REGEX.indexOf(c) >= 0 || c == '[' || c == ']' || c == '*' || c == '?'
                ? "\\"
                : "")
        .append(c);
  }
}
