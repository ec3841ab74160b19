package io.diskwright.guest;

import java.util.List;

/**
 * A line of /etc/fstab, as fstab(5) names its fields, escapes and quotes resolved.
 *
 * @param line from 1; 0 for a mount that the system makes without being told
 * @param spec what is mounted
 * @param file where
 * @param vfstype as what
 * @param mntops how
 * @param freq for dump, as it is written; empty when it is left out
 * @param passno for fsck, as it is written; empty when it is left out
 */
public record FstabEntry(
    int line,
    String spec,
    String file,
    String vfstype,
    List<String> mntops,
    String freq,
    String passno) {

  /** Takes a copy of the list. */
  public FstabEntry {
    mntops = List.copyOf(mntops);
  }

  /** A mount that the system makes without being told. */
  static FstabEntry implied(String spec, String file) {
    return new FstabEntry(0, spec, file, "auto", List.of(), "", "");
  }
}
