package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Structures of several sectors whose last two bytes hold a number that each write changes, so that
 * one that was not written whole is noticed; the bytes that belong there lie in an array.
 */
final class FixUp {

  private static final int STRIDE = 512;

  private FixUp() {}

  /**
   * Reads a structure and puts its bytes back in place.
   *
   * @param magic the four characters that it starts with
   * @throws CorruptImage when it starts otherwise or was not written whole
   */
  static ByteView read(ByteSource source, String structure, String magic, long offset, int length)
      throws IOException {
    ByteView raw = source.view(structure, offset, length, ByteOrder.LITTLE_ENDIAN);
    if (!raw.startsWith(0, magic)) {
      throw raw.corrupt("signature", 0, Fault.number(raw.u32(0)), "'" + magic + "'");
    }
    int arrayAt = raw.u16(4);
    int count = raw.u16(6);
    int strides = length / STRIDE;
    if (count != strides + 1 || arrayAt % 2 != 0 || arrayAt > STRIDE - 2 - 2 * count) {
      throw raw.corrupt(
          "update sequence",
          4,
          count + " numbers at " + arrayAt,
          (strides + 1) + " numbers in the first sector");
    }
    byte[] bytes = raw.bytes(0, length);
    for (int i = 1; i <= strides; i++) {
      int end = i * STRIDE - 2;
      if (raw.u16(end) != raw.u16(arrayAt)) {
        throw raw.corrupt(
            "update sequence", end, Fault.number(raw.u16(end)), Fault.number(raw.u16(arrayAt)));
      }
      bytes[end] = bytes[arrayAt + 2 * i];
      bytes[end + 1] = bytes[arrayAt + 2 * i + 1];
    }
    return new ByteView(
        ByteBuffer.wrap(bytes),
        ByteOrder.LITTLE_ENDIAN,
        source.describe(),
        structure,
        raw.offset());
  }

  /** The bytes of a structure that was read, with zeros in place of the array. */
  static byte[] withoutNumbers(ByteView view) throws CorruptImage {
    byte[] bytes = view.bytes(0, view.length());
    int arrayAt = view.u16(4);
    Arrays.fill(bytes, arrayAt, arrayAt + 2 * view.u16(6), (byte) 0);
    return bytes;
  }
}
