package io.diskwright.guest.registry;

/** Whether a hive holds all that Windows had written. */
public enum HiveState {
  /** All is in place. */
  CLEAN,
  /** What was missing was taken from the logs, in memory. */
  RECOVERED,
  /**
   * Something may be missing: no log completes the hive. What is read may be older than Windows
   * knew.
   */
  INCOMPLETE
}
