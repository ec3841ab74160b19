package io.diskwright.format.vhd;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.nio.ByteOrder;

/** The header of a dynamic or differencing image, found by its footer and checked against it. */
final class DynamicHeaders {

  static final int PARENT_UNIQUE_ID_AT = 40;
  static final int PARENT_TIME_STAMP_AT = 56;
  static final int PARENT_UNICODE_NAME_AT = 64;

  private static final int TABLE_OFFSET_AT = 16;
  private static final int MAX_TABLE_ENTRIES_AT = 28;
  private static final int BLOCK_SIZE_AT = 32;
  private static final int MIN_BLOCK = 512;
  private static final int MAX_BLOCK = 256 << 20;

  private DynamicHeaders() {}

  /**
   * The header's bytes.
   *
   * @throws CorruptImage when the footer's data offset is no place for a header
   */
  static ByteView find(ByteSource source, VhdFooters footers) throws IOException {
    long at = footers.footer().dataOffset();
    if (at < VhdFooter.SIZE || at > footers.dataEnd() - VhdDynamicHeader.SIZE) {
      throw new CorruptImage(
          source.describe(),
          "footer data offset",
          footers.offset() + VhdFooters.DATA_OFFSET_AT,
          Fault.number(at),
          "a dynamic header of 1,024 bytes between 512 and " + Fault.number(footers.dataEnd()));
    }
    return source.view("dynamic header", at, VhdDynamicHeader.SIZE, ByteOrder.BIG_ENDIAN);
  }

  /**
   * The header of a disk of {@code size} bytes.
   *
   * @throws ImageException when it is damaged or does not fit the disk
   */
  static VhdDynamicHeader parse(ByteView view, VhdFooters footers, long size)
      throws ImageException {
    VhdDynamicHeader header = VhdDynamicHeader.parse(view);
    checkBlockSize(view, header.blockSize());
    if (header.tableOffset() < 0 || header.tableOffset() > footers.dataEnd()) {
      throw view.corrupt(
          "table offset",
          TABLE_OFFSET_AT,
          Fault.number(header.tableOffset()),
          "up to " + Fault.number(footers.dataEnd()));
    }
    if (header.maxTableEntries() < Math.ceilDiv(size, header.blockSize())) {
      throw view.corrupt(
          "max table entries",
          MAX_TABLE_ENTRIES_AT,
          Fault.number(header.maxTableEntries()),
          "at least " + Fault.number(Math.ceilDiv(size, header.blockSize())) + " for the disk");
    }
    return header;
  }

  private static void checkBlockSize(ByteView view, long blockSize) throws ImageException {
    if (blockSize < MIN_BLOCK || Long.bitCount(blockSize) != 1) {
      throw view.corrupt(
          "block size", BLOCK_SIZE_AT, Fault.number(blockSize), "a power of two from 512 on");
    }
    if (blockSize > MAX_BLOCK) {
      throw view.tooLarge(
          "block size", BLOCK_SIZE_AT, Fault.number(blockSize), "up to " + Fault.number(MAX_BLOCK));
    }
  }
}
