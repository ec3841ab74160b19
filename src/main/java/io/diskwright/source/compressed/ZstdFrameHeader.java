package io.diskwright.source.compressed;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import java.util.OptionalLong;

/**
 * The header of a zstd frame, its magic included.
 *
 * @param length bytes
 * @param checksum Content_Checksum_flag: whether a checksum follows the last block
 * @param contentSize Frame_Content_Size; empty when the frame does not state it
 */
record ZstdFrameHeader(int length, boolean checksum, OptionalLong contentSize) {

  /** The frame's Magic_Number. */
  static final long MAGIC = 0xfd2fb528L;

  /** Magic and Frame_Header_Descriptor, by which the length can be told. */
  static final int MIN_LENGTH = 5;

  /** What every decoder refuses to exceed unasked, and what zstd --long makes: 128 MiB. */
  private static final long MAX_WINDOW = 1L << 27;

  private static final int DESCRIPTOR = 4;
  private static final int SINGLE_SEGMENT = 0x20;
  private static final int RESERVED = 0x08;
  private static final int CHECKSUM = 0x04;

  /**
   * The header's length in bytes.
   *
   * @param start its first {@link #MIN_LENGTH} bytes, or more
   */
  static int length(ByteView start) throws CorruptImage {
    int descriptor = start.u8(DESCRIPTOR);
    return MIN_LENGTH
        + (singleSegment(descriptor) ? 0 : 1)
        + dictionaryIdLength(descriptor)
        + contentSizeLength(descriptor);
  }

  /**
   * Reads a header.
   *
   * @param view little-endian, the whole header
   * @throws ImageException when the frame needs a dictionary or too large a window, too
   */
  static ZstdFrameHeader parse(ByteView view) throws ImageException {
    int descriptor = view.u8(DESCRIPTOR);
    if ((descriptor & RESERVED) != 0) {
      throw view.unsupported(
          "Frame_Header_Descriptor", DESCRIPTOR, Fault.number(descriptor), "Reserved_bit clear");
    }
    int at = MIN_LENGTH;
    if (!singleSegment(descriptor)) {
      checkWindow(view, at, window(view.u8(at)));
      at++;
    }
    int idLength = dictionaryIdLength(descriptor);
    if (!view.isZero(at, idLength)) {
      throw view.unsupported(
          "Dictionary_ID", at, Fault.number(number(view, at, idLength)), "frames without one");
    }
    at += idLength;
    int sizeLength = contentSizeLength(descriptor);
    if (sizeLength == 0) {
      return new ZstdFrameHeader(at, (descriptor & CHECKSUM) != 0, OptionalLong.empty());
    }
    // The 2-byte form starts where the 1-byte form ends.
    long size = number(view, at, sizeLength) + (sizeLength == 2 ? 256 : 0);
    if (size < 0) {
      throw view.tooLarge("Frame_Content_Size", at, Fault.number(size), "below 2^63");
    }
    if (singleSegment(descriptor)) {
      checkWindow(view, at, size);
    }
    return new ZstdFrameHeader(
        at + sizeLength, (descriptor & CHECKSUM) != 0, OptionalLong.of(size));
  }

  private static boolean singleSegment(int descriptor) {
    return (descriptor & SINGLE_SEGMENT) != 0;
  }

  private static int dictionaryIdLength(int descriptor) {
    int flag = descriptor & 3;
    return flag == 3 ? 4 : flag;
  }

  private static int contentSizeLength(int descriptor) {
    int flag = descriptor >> 6;
    return flag == 0 ? (singleSegment(descriptor) ? 1 : 0) : 1 << flag;
  }

  private static long window(int windowDescriptor) {
    long base = 1L << 10 + (windowDescriptor >> 3);
    return base + base / 8 * (windowDescriptor & 7);
  }

  private static void checkWindow(ByteView view, int at, long window) throws LimitExceeded {
    if (window > MAX_WINDOW) {
      throw view.tooLarge(
          "window",
          at,
          Fault.number(window) + " bytes of memory to decode",
          "up to " + Fault.number(MAX_WINDOW));
    }
  }

  private static long number(ByteView view, int at, int length) throws CorruptImage {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | view.u8(at + i);
    }
    return value;
  }
}
