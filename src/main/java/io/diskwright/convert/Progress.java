package io.diskwright.convert;

/**
 * How far a conversion is.
 *
 * @param phase what it does now
 * @param doneBytes allocated guest bytes written so far
 * @param totalBytes allocated guest bytes to write in all; 0 until the plan is made
 */
public record Progress(Phase phase, long doneBytes, long totalBytes) {

  /** The steps of a conversion, in order. */
  public enum Phase {
    /** Walking the map of the source. */
    PLANNING,
    /** Copying and decoding. */
    COPYING,
    /** Making the output durable. */
    SYNCING,
    /** Judging the output. */
    VALIDATING,
    /** All done. */
    DONE
  }
}
