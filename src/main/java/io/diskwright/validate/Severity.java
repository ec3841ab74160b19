package io.diskwright.validate;

import java.util.Locale;

/** How much a rule matters to an importer. Ordered from the gravest. */
public enum Severity {
  /** The import is refused, the machine does not start or cannot be reached. */
  ERROR,
  /** It works, but not as well as it could, or not everywhere. */
  WARNING,
  /** A fact the user needs, or advice. */
  INFO;

  /** The word of the JSON report. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
