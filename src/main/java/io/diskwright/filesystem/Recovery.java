package io.diskwright.filesystem;

/** Whether a filesystem was left with changes that only its journal holds. */
public enum Recovery {
  /** All is in place. */
  NOT_NEEDED,
  /** The journal was replayed in memory: what is read is what a mount would show. */
  REPLAYED,
  /**
   * The journal holds changes that were not applied: what is read may be older than a mount would
   * show.
   */
  NEEDED
}
