package io.diskwright.validate;

import java.util.Locale;

/** Who can put right what a rule found. */
public enum Fix {
  /** diskwright, in the image, without starting the guest. */
  OFFLINE,
  /** Another tool, the converter or the running guest. */
  TOOL,
  /** Only the user, by a decision or another image. */
  USER,
  /** There is nothing to put right. */
  NONE;

  /** The word of the JSON report. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
