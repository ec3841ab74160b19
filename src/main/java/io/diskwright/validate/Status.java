package io.diskwright.validate;

import java.util.Locale;

/** What a rule found. */
public enum Status {
  /** The bytes prove that the requirement holds. */
  PASS,
  /** The bytes prove that it does not hold. */
  FAIL,
  /** It could not be decided; never counted as a pass. */
  UNKNOWN,
  /** The rule is not for this image or is off in this profile. */
  NOT_APPLICABLE;

  /** The word of the JSON report. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
