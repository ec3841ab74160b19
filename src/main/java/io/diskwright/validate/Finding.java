package io.diskwright.validate;

import java.util.List;

/**
 * What one rule says of one image.
 *
 * @param rule the rule's id
 * @param severity how much it matters in this case; {@code INFO} for a rule that is off
 * @param status what was found
 * @param confidence how
 * @param message one sentence; for an undecided rule the reason
 * @param evidence what it rests on
 * @param action what the user should do, empty unless the rule fails
 * @param fix who can put it right, {@code NONE} unless the rule fails
 */
public record Finding(
    String rule,
    Severity severity,
    Status status,
    Confidence confidence,
    String message,
    List<Evidence> evidence,
    String action,
    Fix fix) {

  /** Takes a copy of the evidence. */
  public Finding {
    evidence = List.copyOf(evidence);
  }

  /** Whether this finding alone makes the verdict {@code FAIL}. */
  public boolean blocks() {
    return status == Status.FAIL && severity == Severity.ERROR;
  }
}
