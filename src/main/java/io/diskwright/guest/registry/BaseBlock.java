package io.diskwright.guest.registry;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;

/**
 * The head of a hive, and of its logs.
 *
 * @param lastWritten 100 ns since 1601
 * @param type of the file: {@link #PRIMARY}, or a kind of log
 * @param rootCell offset of the root key's cell, bytes from the start of the hive's bins
 * @param binsSize bytes of the hive's bins
 * @param checksumValid whether the checksum is that of the first 508 bytes; if not, no other field
 *     is to be relied on
 */
record BaseBlock(
    long primarySequence,
    long secondarySequence,
    long lastWritten,
    int major,
    int minor,
    int type,
    long rootCell,
    long binsSize,
    boolean checksumValid) {

  /** Bytes before the bins of a hive. */
  static final int LENGTH = 4096;

  /** Bytes that a log keeps of it. */
  static final int LENGTH_IN_LOG = 512;

  /** The type of a hive. */
  static final int PRIMARY = 0;

  private static final int CHECKSUM = 508;
  private static final int OLDEST_MINOR = 2;
  private static final int NEWEST_MINOR = 6;

  static boolean isMagic(ByteView view) {
    return view.startsWith(0, "regf");
  }

  /**
   * @param view at least {@link #LENGTH_IN_LOG} bytes
   */
  static BaseBlock parse(ByteView view) throws ImageException {
    if (!isMagic(view)) {
      throw view.corrupt("signature", 0, Fault.number(view.u32(0)), "'regf'");
    }
    int major = (int) view.u32(20);
    int minor = (int) view.u32(24);
    boolean checksumValid = checksum(view) == view.u32(CHECKSUM);
    boolean known = major == 1 && minor >= OLDEST_MINOR && minor <= NEWEST_MINOR;
    if (checksumValid && !known) {
      throw view.unsupported(
          "version", 20, major + "." + minor, "1." + OLDEST_MINOR + " to 1." + NEWEST_MINOR);
    }
    return new BaseBlock(
        view.u32(4),
        view.u32(8),
        view.u64(12),
        major,
        minor,
        (int) view.u32(28),
        view.u32(36),
        view.u32(40),
        checksumValid);
  }

  private static long checksum(ByteView view) throws CorruptImage {
    int checksum = 0;
    for (int at = 0; at < CHECKSUM; at += 4) {
      checksum ^= (int) view.u32(at);
    }
    // Neither 0 nor all ones is ever stored.
    if (checksum == 0) {
      return 1;
    }
    return Integer.toUnsignedLong(checksum == -1 ? -2 : checksum);
  }

  boolean isDirty() {
    return primarySequence != secondarySequence || !checksumValid;
  }
}
