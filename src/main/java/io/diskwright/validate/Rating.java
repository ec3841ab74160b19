package io.diskwright.validate;

import java.util.Optional;

/**
 * How grave a rule is in one profile.
 *
 * @param severity when it fails, or could not be decided; a rule that knows graver and milder
 *     failures has the gravest here
 * @param onRequest whether it is checked only when the user asks for it
 */
public record Rating(Severity severity, boolean onRequest) {

  /**
   * Reads the catalogue's notation: {@code E}, {@code W} or {@code i}; two with a slash between
   * them, the graver counting until a rule knows better; {@code E(opt)} for on request. What else
   * stands in parentheses explains the case to people.
   *
   * @return empty for {@code off}
   */
  static Optional<Rating> parse(String text) {
    if (text.equals("off")) {
      return Optional.empty();
    }
    Severity gravest = Severity.INFO;
    for (String letter : text.replaceAll("\\(.*?\\)", "").split("/", -1)) {
      Severity severity = severity(letter);
      gravest = severity.compareTo(gravest) < 0 ? severity : gravest;
    }
    return Optional.of(new Rating(gravest, text.contains("(opt)")));
  }

  private static Severity severity(String letter) {
    return switch (letter) {
      case "E" -> Severity.ERROR;
      case "W" -> Severity.WARNING;
      case "i" -> Severity.INFO;
      default -> throw new IllegalArgumentException("severity '" + letter + "'");
    };
  }
}
