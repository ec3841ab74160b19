package io.diskwright.guest.os;

/** How much of a guest is read to identify it; an honest one stays far below. */
final class Limits {

  /** Bytes of a text file. */
  static final int TEXT = 8 << 20;

  /** Characters of a line; longer ones are left aside, so that no pattern takes long. */
  static final int LINE = 4096;

  /** Names of a directory that are looked at. */
  static final int NAMES = 20_000;

  /** Kernels that are listed. */
  static final int KERNELS = 64;

  /** Entries of a boot menu that are kept. */
  static final int MENU_ENTRIES = 512;

  /** Characters of a value that is shown to people. */
  static final int VALUE = 256;

  /** Bytes of a FreeBSD kernel that are searched for its version. */
  static final long KERNEL_SEARCH = 64L << 20;

  private Limits() {}

  /** The lines of a text that are not too long. */
  static Iterable<String> lines(String text) {
    return text.lines().filter(line -> line.length() <= LINE)::iterator;
  }
}
