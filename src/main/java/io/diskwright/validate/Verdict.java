package io.diskwright.validate;

import java.util.Locale;

/** What all findings of an image come to. */
public enum Verdict {
  /** Every rule of error severity holds. */
  PASS,
  /** A rule of error severity does not hold. */
  FAIL,
  /** No rule of error severity is known to fail, but at least one could not be decided. */
  UNKNOWN;

  /** The word of the JSON report. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
