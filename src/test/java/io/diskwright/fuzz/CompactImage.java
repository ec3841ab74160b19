package io.diskwright.fuzz;

import java.util.Arrays;

/**
 * An image as few bytes, for a fuzzer that knows nothing of files with holes: a flag, the length,
 * then each sector that is not zero after its number. Whatever bytes come, they are an image.
 */
final class CompactImage {

  private static final int SECTOR = 512;
  private static final int HEADER = 5;
  private static final int PIECE = 2 + SECTOR;
  private static final int MAX_LENGTH = 1 << 24;

  /** Sectors of data say little, and cost time. */
  private static final int MAX_PIECES = 96;

  private CompactImage() {}

  /** The bytes that {@link #unpack} makes the image of, but for what lies far behind its front. */
  static byte[] pack(byte[] image) {
    var packed = new byte[HEADER + MAX_PIECES * PIECE];
    packed[0] = 1;
    for (int i = 0; i < 4; i++) {
      packed[1 + i] = (byte) (image.length >>> 8 * i);
    }
    int end = HEADER;
    int last = (image.length - 1) / SECTOR;
    for (int sector = 0; sector <= last; sector++) {
      int at = sector * SECTOR;
      int length = Math.min(SECTOR, image.length - at);
      boolean room = end + PIECE < packed.length || sector == last;
      if (room && !SparseFile.isZero(image, at, length)) {
        packed[end] = (byte) sector;
        packed[end + 1] = (byte) (sector >>> 8);
        System.arraycopy(image, at, packed, end + 2, length);
        end += PIECE;
      }
    }
    return Arrays.copyOf(packed, end);
  }

  /** An image; odd flags ask for checksums to be made right. */
  static byte[] unpack(byte[] packed) {
    if (packed.length < HEADER) {
      return packed.clone();
    }
    int length = 0;
    for (int i = 0; i < 4; i++) {
      length |= Byte.toUnsignedInt(packed[1 + i]) << 8 * i;
    }
    var image = new byte[length & MAX_LENGTH - 1];
    for (int at = HEADER; at + 2 < packed.length; at += PIECE) {
      int sector = Byte.toUnsignedInt(packed[at]) | Byte.toUnsignedInt(packed[at + 1]) << 8;
      int to = sector * SECTOR;
      int count = Math.min(SECTOR, packed.length - at - 2);
      if (to < image.length) {
        System.arraycopy(packed, at + 2, image, to, Math.min(count, image.length - to));
      }
    }
    if ((packed[0] & 1) != 0) {
      Checksums.repair(image);
    }
    return image;
  }
}
