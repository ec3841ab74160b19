package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.io.Fault;

/**
 * A directory entry under the names that it has.
 *
 * @param name the long name, or the short one where it has none; not checked
 * @param shortName as it is shown; may be empty when there is a long one
 */
record NamedEntry(String name, String shortName, ShortEntry entry) {

  static final String ALLOWED = "a name without a slash or a NUL, and neither '.' nor '..'";

  /** Whether a path can hold the name. */
  boolean isPossible() {
    return !EntryNames.isImpossible(name) && !name.equals(".") && !name.equals("..");
  }

  /** The name for messages. */
  String quoted() {
    return "'" + Fault.printable(name) + "'";
  }
}
