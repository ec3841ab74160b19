package io.diskwright.format.vhd;

import io.diskwright.disk.ContainerDisk;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.PageCache;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.util.OptionalLong;

/** A dynamic image: blocks that were written are stored, the others are zero. */
final class DynamicVhd extends ContainerDisk implements VhdImage {

  private final VhdFooter footer;
  private final BlockAllocationTable table;
  private final long blockSize;

  private DynamicVhd(
      ByteSource source,
      VhdFooter footer,
      ImageInfo info,
      BlockAllocationTable table,
      long blockSize) {
    super(source, info);
    this.footer = footer;
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
    VhdDynamicHeader header =
        DynamicHeaders.parse(DynamicHeaders.find(source, footers), footers, size);
    BlockAllocationTable table = BlockAllocationTable.open(source, footers, header, cache);
    ImageInfo info =
        VhdInfo.of(
            footers.footer(),
            "dynamic",
            OptionalLong.of(header.blockSize()),
            VhdInfo.anomalies(footers));
    return new DynamicVhd(source, footers.footer(), info, table, header.blockSize());
  }

  @Override
  public VhdFooter footer() {
    return footer;
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    long inBlock = offset % blockSize;
    long length = Math.min(limit, blockSize - inBlock);
    long data = table.dataOffset(offset / blockSize);
    return data == BlockAllocationTable.ABSENT
        ? new Extent.Zero(offset, length, false)
        : new Extent.Data(offset, length, source(), data + inBlock);
  }
}
