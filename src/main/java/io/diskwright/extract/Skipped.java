package io.diskwright.extract;

/** Told of what is left out of a copy. */
@FunctionalInterface
public interface Skipped {

  /**
   * Something is left out.
   *
   * @param path in the guest
   * @param reason why, as one line
   */
  void skipped(String path, String reason);
}
