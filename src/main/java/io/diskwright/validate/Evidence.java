package io.diskwright.validate;

/**
 * One observation a finding rests on.
 *
 * @param where the structure, field or place
 * @param observed what is there
 * @param expected what should be there; empty when there is nothing to compare with
 */
public record Evidence(String where, String observed, String expected) {

  /** An observation that is compared with nothing. */
  public static Evidence of(String where, String observed) {
    return new Evidence(where, observed, "");
  }
}
