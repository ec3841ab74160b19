package io.diskwright.disk;

import io.diskwright.io.MemorySource;
import java.util.Arrays;

/** Plain bytes that were read forward, as an extent. */
public final class ForwardPiece {

  private static final byte[] ZEROS = new byte[1 << 16];

  private ForwardPiece() {}

  /**
   * The extent of bytes from a buffer that will be used again. Zeros are told by looking, so that
   * the empty parts of a disk cost no memory.
   *
   * @param name what the bytes were read from, for messages
   * @param start where they lie on the disk, in bytes
   * @param length of them in the buffer, from 0 on; at least 1
   */
  public static Extent of(String name, long start, byte[] buffer, int length) {
    return isZero(buffer, length)
        ? new Extent.Zero(start, length, true)
        : new Extent.Data(start, length, new MemorySource(name, Arrays.copyOf(buffer, length)), 0);
  }

  private static boolean isZero(byte[] buffer, int length) {
    for (int at = 0; at < length; at += ZEROS.length) {
      int count = Math.min(ZEROS.length, length - at);
      if (Arrays.mismatch(buffer, at, at + count, ZEROS, 0, count) >= 0) {
        return false;
      }
    }
    return true;
  }
}
