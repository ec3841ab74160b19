package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.util.UUID;

/**
 * Where one region lies.
 *
 * @param guid what it holds
 * @param fileOffset bytes from the start of the file
 * @param length bytes
 * @param required whether a reader that does not know it must not read the file
 * @param at where the entry stands in the table, in bytes
 */
record RegionTableEntry(UUID guid, long fileOffset, long length, boolean required, int at) {

  static final int SIZE = 32;
  static final int FILE_OFFSET_AT = 16;
  static final int LENGTH_AT = 24;

  private static final int REQUIRED_AT = 28;

  /** Parses the entry that stands at {@code at} in the table. */
  static RegionTableEntry parse(ByteView table, int at) throws ImageException {
    long required = table.u32(at + REQUIRED_AT);
    if (required > 1) {
      throw table.unsupported(
          "Required",
          at + REQUIRED_AT,
          Fault.number(required),
          "0, 1; the other bits are reserved");
    }
    return new RegionTableEntry(
        Guid.parse(table, at),
        table.u64(at + FILE_OFFSET_AT),
        table.u32(at + LENGTH_AT),
        required == 1,
        at);
  }

  /** The region, checked to be aligned, behind the header section and inside the file. */
  Region region(String name, ByteView table, long fileSize) throws CorruptImage {
    if (fileOffset < Region.ALIGNMENT
        || fileOffset % Region.ALIGNMENT != 0
        || fileOffset > fileSize) {
      throw table.corrupt(
          "FileOffset of the " + name,
          at + FILE_OFFSET_AT,
          Fault.number(fileOffset),
          "multiples of 1 MiB from 1 MiB on, inside the file's "
              + Fault.number(fileSize)
              + " bytes");
    }
    if (length == 0 || length % Region.ALIGNMENT != 0 || length > fileSize - fileOffset) {
      throw table.corrupt(
          "Length of the " + name,
          at + LENGTH_AT,
          Fault.number(length) + " from " + Fault.number(fileOffset) + " on",
          "multiples of 1 MiB above 0, inside the file's " + Fault.number(fileSize) + " bytes");
    }
    return new Region(name, fileOffset, length);
  }
}
