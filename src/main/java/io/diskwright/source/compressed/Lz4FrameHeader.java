package io.diskwright.source.compressed;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.util.OptionalLong;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The descriptor of an lz4 frame, with the magic before it.
 *
 * @param independent whether blocks refer to nothing in the blocks before them
 * @param blockChecksum whether a checksum follows each block
 * @param contentChecksum whether a checksum of the content ends the frame
 * @param maxBlock decoded bytes of a block at most
 * @param contentSize the content's length; empty when the frame does not state it
 */
record Lz4FrameHeader(
    boolean independent,
    boolean blockChecksum,
    boolean contentChecksum,
    int maxBlock,
    OptionalLong contentSize) {

  /** The frame's magic. */
  static final long MAGIC = 0x184d2204L;

  /** The magic of the form before frames, which has neither checksums nor an end. */
  static final long LEGACY_MAGIC = 0x184c2102L;

  /** Magic and FLG, by which the length can be told. */
  static final int MIN_LENGTH = 5;

  private static final int FLG = 4;
  private static final int BD = 5;
  private static final int CONTENT_SIZE = 6;
  private static final int VERSION_1 = 1;
  private static final int INDEPENDENT = 0x20;
  private static final int BLOCK_CHECKSUM = 0x10;
  private static final int HAS_SIZE = 0x08;
  private static final int CONTENT_CHECKSUM = 0x04;
  private static final int RESERVED = 0x02;
  private static final int DICTIONARY = 0x01;

  /**
   * The header's length in bytes.
   *
   * @param start its first {@link #MIN_LENGTH} bytes, or more
   */
  static int length(ByteView start) throws CorruptImage {
    int flags = start.u8(FLG);
    return CONTENT_SIZE
        + ((flags & HAS_SIZE) != 0 ? Long.BYTES : 0)
        + ((flags & DICTIONARY) != 0 ? Integer.BYTES : 0)
        + 1;
  }

  /**
   * Reads a header.
   *
   * @param view little-endian, exactly the header
   * @throws ImageException when the frame needs a dictionary, too
   */
  static Lz4FrameHeader parse(ByteView view) throws ImageException {
    int flags = view.u8(FLG);
    if (flags >> 6 != VERSION_1) {
      throw view.unsupported("version", FLG, Fault.number(flags >> 6), "1");
    }
    int last = view.length() - 1;
    byte[] descriptor = view.bytes(FLG, last - FLG);
    int hash = XXHashFactory.safeInstance().hash32().hash(descriptor, 0, descriptor.length, 0);
    int expected = hash >> 8 & 0xff;
    if (view.u8(last) != expected) {
      throw view.corrupt("checksum HC", last, Fault.number(view.u8(last)), Fault.number(expected));
    }
    if ((flags & RESERVED) != 0) {
      throw view.unsupported("FLG", FLG, Fault.number(flags), "the reserved bit 1 clear");
    }
    if ((flags & DICTIONARY) != 0) {
      throw view.unsupported(
          "Dict-ID",
          last - Integer.BYTES,
          Fault.number(view.u32(last - Integer.BYTES)),
          "frames without a dictionary");
    }
    int sizes = view.u8(BD);
    int code = sizes >> 4;
    if (code < 4 || code > 7 || (sizes & 0xf) != 0) {
      throw view.unsupported(
          "BD", BD, Fault.number(sizes), "block sizes 4 to 7 (64 KiB to 4 MiB) and no other bits");
    }
    return new Lz4FrameHeader(
        (flags & INDEPENDENT) != 0,
        (flags & BLOCK_CHECKSUM) != 0,
        (flags & CONTENT_CHECKSUM) != 0,
        1 << 2 * code + 8,
        (flags & HAS_SIZE) != 0 ? OptionalLong.of(view.u64(CONTENT_SIZE)) : OptionalLong.empty());
  }
}
