package io.diskwright.convert;

/**
 * How far a conversion is.
 *
 * @param phase what it does now
 * @param doneBytes allocated guest bytes written so far
 * @param totalBytes allocated guest bytes to write in all; 0 while that is not known
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
    /** Reading the output back. */
    VERIFYING,
    /** Judging the output. */
    VALIDATING,
    /** All done. */
    DONE
  }
}
