package io.diskwright.format.vhd;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.PageCache;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** A dynamic image: blocks that were written are stored, the others are zero. */
final class DynamicVhd extends MappedDisk implements DiskImage {

  private static final int TABLE_OFFSET_AT = 16;
  private static final int MAX_TABLE_ENTRIES_AT = 28;
  private static final int BLOCK_SIZE_AT = 32;
  private static final int MIN_BLOCK = 512;
  private static final int MAX_BLOCK = 256 << 20;

  private final ByteSource source;
  private final ImageInfo info;
  private final BlockAllocationTable table;
  private final long blockSize;

  private DynamicVhd(
      ByteSource source, ImageInfo info, BlockAllocationTable table, long blockSize) {
    this.source = source;
    this.info = info;
    this.table = table;
    this.blockSize = blockSize;
  }

  /**
   * Opens it.
   *
   * @throws CorruptImage when the header or the block allocation table is damaged
   */
  static DynamicVhd open(ByteSource source, VhdFooters footers, PageCache cache)
      throws IOException {
    long size = footers.currentSize(source);
    VhdDynamicHeader header = header(source, footers, size);
    BlockAllocationTable table = BlockAllocationTable.open(source, footers, header, cache);
    ImageInfo info =
        VhdInfo.of(
            footers.footer(),
            "dynamic",
            OptionalLong.of(header.blockSize()),
            VhdInfo.anomalies(footers));
    return new DynamicVhd(source, info, table, header.blockSize());
  }

  private static VhdDynamicHeader header(ByteSource source, VhdFooters footers, long size)
      throws IOException {
    long at = footers.footer().dataOffset();
    if (at < VhdFooter.SIZE || at > footers.dataEnd() - VhdDynamicHeader.SIZE) {
      throw new CorruptImage(
          source.describe(),
          "footer data offset",
          footers.offset() + VhdFooters.DATA_OFFSET_AT,
          Fault.number(at),
          "a dynamic header of 1,024 bytes between 512 and " + Fault.number(footers.dataEnd()));
    }
    ByteView view = source.view("dynamic header", at, VhdDynamicHeader.SIZE, ByteOrder.BIG_ENDIAN);
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

  private static void checkBlockSize(ByteView view, long blockSize)
      throws CorruptImage, LimitExceeded {
    if (blockSize < MIN_BLOCK || Long.bitCount(blockSize) != 1) {
      throw view.corrupt(
          "block size", BLOCK_SIZE_AT, Fault.number(blockSize), "a power of two from 512 on");
    }
    if (blockSize > MAX_BLOCK) {
      throw view.tooLarge(
          "block size", BLOCK_SIZE_AT, Fault.number(blockSize), "up to " + Fault.number(MAX_BLOCK));
    }
  }

  @Override
  public long size() {
    return info.virtualSize();
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public ImageInfo info() {
    return info;
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    long inBlock = offset % blockSize;
    long length = Math.min(limit, blockSize - inBlock);
    long data = table.dataOffset(offset / blockSize);
    return data == BlockAllocationTable.ABSENT
        ? new Extent.Zero(offset, length, false)
        : new Extent.Data(offset, length, source, data + inBlock);
  }

  @Override
  protected void closeFiles() throws IOException {
    source.close();
  }
}
