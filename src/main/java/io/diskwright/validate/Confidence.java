package io.diskwright.validate;

/** How a rule came to what it says. */
public enum Confidence {
  /** Read from the bytes it speaks of. */
  PROVED,
  /** Concluded from other bytes that leave little choice. */
  DERIVED,
  /** A good guess; never enough to pass a rule of error severity. */
  HEURISTIC
}
