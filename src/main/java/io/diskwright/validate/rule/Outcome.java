package io.diskwright.validate.rule;

import io.diskwright.validate.Confidence;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Fix;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import java.util.List;
import java.util.Optional;

/**
 * What a rule found. How grave that is, is the profile's to say, within the bounds the rule sets.
 *
 * @param gravest the outcome is at most this grave
 * @param mildest the outcome is at least this grave
 * @param message one sentence; for an undecided rule the reason
 * @param action what the user should do, where the catalogue's advice does not fit
 * @param fix who can put it right, where the catalogue's answer does not fit
 */
public record Outcome(
    Status status,
    Severity gravest,
    Severity mildest,
    Confidence confidence,
    String message,
    List<Evidence> evidence,
    Optional<String> action,
    Optional<Fix> fix) {

  /** Takes a copy of the evidence. */
  public Outcome {
    evidence = List.copyOf(evidence);
  }

  /** A requirement that holds. */
  public static Outcome pass(String message, Evidence... evidence) {
    return of(Status.PASS, message, List.of(evidence));
  }

  /** A requirement that does not hold. */
  public static Outcome fail(String message, Evidence... evidence) {
    return of(Status.FAIL, message, List.of(evidence));
  }

  /** A requirement that does not hold. */
  public static Outcome fail(String message, List<Evidence> evidence) {
    return of(Status.FAIL, message, evidence);
  }

  /** An undecided rule with its reason. */
  public static Outcome unknown(String reason, Evidence... evidence) {
    return of(Status.UNKNOWN, reason, List.of(evidence));
  }

  /** A rule that is not for this image, with the reason. */
  public static Outcome notApplicable(String reason) {
    return of(Status.NOT_APPLICABLE, reason, List.of());
  }

  private static Outcome of(Status status, String message, List<Evidence> evidence) {
    return new Outcome(
        status,
        Severity.ERROR,
        Severity.INFO,
        Confidence.PROVED,
        message,
        evidence,
        Optional.empty(),
        Optional.empty());
  }

  /** The same, but not graver than this. */
  public Outcome atMost(Severity severity) {
    return new Outcome(status, severity, mildest, confidence, message, evidence, action, fix);
  }

  /** The same, but at least this grave. */
  public Outcome atLeast(Severity severity) {
    return new Outcome(status, gravest, severity, confidence, message, evidence, action, fix);
  }

  /** The same, not read but concluded. */
  public Outcome derived() {
    return new Outcome(
        status, gravest, mildest, Confidence.DERIVED, message, evidence, action, fix);
  }

  /** The same as a guess, which is never more than a warning. */
  public Outcome heuristic() {
    return new Outcome(
        status, Severity.WARNING, mildest, Confidence.HEURISTIC, message, evidence, action, fix);
  }

  /** The same with other advice than the catalogue's. */
  public Outcome advising(String advice, Fix remedy) {
    return new Outcome(
        status,
        gravest,
        mildest,
        confidence,
        message,
        evidence,
        Optional.of(advice),
        Optional.of(remedy));
  }

  /** How grave it is, given the profile's rating of the rule. */
  public Severity severity(Severity rating) {
    Severity capped = rating.compareTo(gravest) < 0 ? gravest : rating;
    return capped.compareTo(mildest) > 0 ? mildest : capped;
  }
}
