package io.diskwright.filesystem.fat;

/**
 * A directory entry under the names that it has.
 *
 * @param name the long name, or the short one where it has none
 * @param shortName as it is shown; may be empty when there is a long one
 */
record NamedEntry(String name, String shortName, ShortEntry entry) {}
