package io.diskwright.guest;

import java.util.List;

/**
 * The mounts of a guest.
 *
 * @param mounts in the order of /etc/fstab; those that the system makes without being told come
 *     last
 * @param problems lines of /etc/fstab that are no entries, and why
 */
public record MountTable(List<Mount> mounts, List<String> problems) {

  /** That of a guest without one. */
  static final MountTable EMPTY = new MountTable(List.of(), List.of());

  /** Takes copies of the lists. */
  public MountTable {
    mounts = List.copyOf(mounts);
    problems = List.copyOf(problems);
  }
}
