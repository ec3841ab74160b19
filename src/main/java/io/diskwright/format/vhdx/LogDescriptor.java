package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.nio.charset.StandardCharsets;

/** One change to the file that a log entry holds. */
sealed interface LogDescriptor {

  int SIZE = 32;
  int FILE_OFFSET_AT = 16;

  /** Where the change goes, in bytes from the start of the file; may be beyond 2^63. */
  long fileOffset();

  /** How many bytes it changes; may be beyond 2^63. */
  long length();

  /** Zeros. */
  record Zero(long fileOffset, long length) implements LogDescriptor {}

  /**
   * A sector whose middle is in a data sector of the entry.
   *
   * @param leadingBytes the first 8 bytes, as a little-endian number
   * @param trailingBytes the last 4 bytes, likewise
   */
  record Data(long fileOffset, long leadingBytes, long trailingBytes) implements LogDescriptor {
    @Override
    public long length() {
      return LogRing.SECTOR;
    }
  }

  /**
   * Parses the descriptor that stands at {@code at} in a sector of an entry whose checksum is
   * right.
   *
   * @throws CorruptImage when it is none of this entry: its writer was wrong, not the storage
   */
  static LogDescriptor parse(ByteView view, int at, long sequenceNumber) throws CorruptImage {
    if (view.u64(at + 24) != sequenceNumber) {
      throw view.corrupt(
          "SequenceNumber",
          at + 24,
          Fault.number(view.u64(at + 24)),
          Fault.number(sequenceNumber) + ", the entry's");
    }
    LogDescriptor descriptor;
    if (view.startsWith(at, "zero")) {
      descriptor = new Zero(view.u64(at + FILE_OFFSET_AT), view.u64(at + 8));
    } else if (view.startsWith(at, "desc")) {
      descriptor = new Data(view.u64(at + FILE_OFFSET_AT), view.u64(at + 8), view.u32(at + 4));
    } else {
      throw view.corrupt(
          "Signature", at, "'" + view.text(at, 4, StandardCharsets.ISO_8859_1) + "'", "zero, desc");
    }
    if (descriptor.fileOffset() % LogRing.SECTOR != 0) {
      throw view.corrupt(
          "FileOffset",
          at + FILE_OFFSET_AT,
          Fault.number(descriptor.fileOffset()),
          "multiples of 4,096");
    }
    if (descriptor.length() % LogRing.SECTOR != 0) {
      throw view.corrupt(
          "ZeroLength", at + 8, Fault.number(descriptor.length()), "multiples of 4,096");
    }
    return descriptor;
  }
}
