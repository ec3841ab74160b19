package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * The header before a member's data in a zip archive, its fields named as APPNOTE names them; those
 * of zip64 are already in their places.
 *
 * @param offset where it lies in the archive, in bytes
 * @param name as {@link Member} has it
 * @param flags general purpose bits
 * @param method compression method
 * @param crc32 of the content, unless {@link #sizesFollow}
 * @param compressedSize bytes as it is stored, unless they follow
 * @param uncompressedSize bytes of the content, unless they follow
 * @param zip64 whether numbers that follow have 64 bits
 */
record ZipLocalHeader(
    long offset,
    String name,
    int flags,
    int method,
    long crc32,
    long compressedSize,
    long uncompressedSize,
    boolean zip64) {

  static final long SIGNATURE = 0x04034b50L;
  static final String NAME = "zip local header";

  private static final int SIZE = 30;
  private static final int ENCRYPTED = 1;
  private static final int SIZES_FOLLOW = 1 << 3;
  private static final int MASKED = 1 << 13;

  /** Reads a header from a tape at its signature, up to the member's data. */
  static ZipLocalHeader read(Tape tape) throws IOException {
    ByteView view = tape.view(NAME, SIZE, ByteOrder.LITTLE_ENDIAN);
    if (view.u32(0) != SIGNATURE) {
      throw view.corrupt("signature", 0, Fault.number(view.u32(0)), Fault.number(SIGNATURE));
    }
    ByteView name = tape.view(NAME, view.u16(26), ByteOrder.LITTLE_ENDIAN);
    ByteView extra = tape.view(NAME, view.u16(28), ByteOrder.LITTLE_ENDIAN);
    int flags = view.u16(6);
    if ((flags & MASKED) != 0) {
      throw view.unsupported("flags", 6, "an encrypted central directory", "an open one");
    }
    long[] sizes = Zip64.resolve(extra, view.u32(22), view.u32(18));
    return new ZipLocalHeader(
        view.offset(),
        new Member(0, ZipName.text(name), Member.Kind.FILE, 0, 0).name(),
        flags,
        view.u16(8),
        view.u32(14),
        sizes[1],
        sizes[0],
        Zip64.isIn(extra));
  }

  /** Whether a password is needed. */
  boolean encrypted() {
    return (flags & ENCRYPTED) != 0;
  }

  /** Whether checksum and sizes stand behind the data, in a data descriptor. */
  boolean sizesFollow() {
    return (flags & SIZES_FOLLOW) != 0;
  }

  /**
   * Refuses a header that the central directory contradicts: which of them is right nobody knows.
   *
   * @param source the archive, for messages
   */
  void checkAgainst(ZipEntry entry, String source) throws CorruptImage {
    boolean sizesAgree =
        sizesFollow()
            || crc32 == entry.crc32()
                && compressedSize == entry.compressedSize()
                && uncompressedSize == entry.member().size();
    if (!sizesAgree
        || offset != entry.localHeaderOffset()
        || method != entry.method()
        || (flags & ENCRYPTED) != (entry.flags() & ENCRYPTED)
        || !name.equals(entry.member().name())) {
      throw new CorruptImage(
          source,
          NAME,
          offset,
          shown(name, method, crc32, compressedSize, uncompressedSize),
          "as in the central directory: "
              + shown(
                  entry.member().name(),
                  entry.method(),
                  entry.crc32(),
                  entry.compressedSize(),
                  entry.member().size()));
    }
  }

  private static String shown(String name, int method, long crc32, long packed, long size) {
    return Member.shown(name)
        + " of method "
        + method
        + ", CRC-32 "
        + Digester.crc32(crc32)
        + ", "
        + Fault.number(packed)
        + " bytes for "
        + Fault.number(size);
  }
}
