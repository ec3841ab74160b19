package io.diskwright.format.vhd;

import io.diskwright.disk.ContainerDisk;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.format.vhd.SectorBitmaps.Stretch;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;

/**
 * A differencing image: sectors that were written are stored, all others are the parent's. Closing
 * it closes the whole chain.
 */
final class DifferencingVhd extends ContainerDisk implements VhdImage {

  private static final int SECTOR = 512;

  private final VhdFooter footer;
  private final BlockAllocationTable table;
  private final SectorBitmaps bitmaps;
  private final long blockSize;
  private final VhdImage parent;

  private DifferencingVhd(
      ByteSource source,
      VhdFooter footer,
      ImageInfo info,
      BlockAllocationTable table,
      SectorBitmaps bitmaps,
      long blockSize,
      VhdImage parent) {
    super(source, info);
    this.footer = footer;
    this.table = table;
    this.bitmaps = bitmaps;
    this.blockSize = blockSize;
    this.parent = parent;
  }

  /**
   * Opens it and its parent.
   *
   * @throws ImageException when either is damaged, or the parent is not there or another disk
   */
  static DifferencingVhd open(ByteSource source, VhdFooters footers, OpenContext context)
      throws IOException {
    refuseOldBitmaps(source, footers);
    ByteView view = DynamicHeaders.find(source, footers);
    VhdDynamicHeader header = DynamicHeaders.parse(view, footers, footers.currentSize(source));
    var table = BlockAllocationTable.open(source, footers, header, context.cache());
    var bitmaps = new SectorBitmaps(source, context.cache());
    Referenced<DiskImage> named = ParentSearch.open(source, view, header, context);
    try {
      VhdImage parent = identified(named.opened(), view, header);
      ImageInfo info = VhdInfo.differencing(footers, header, parent, named.file());
      return new DifferencingVhd(
          source, footers.footer(), info, table, bitmaps, header.blockSize(), parent);
    } catch (IOException | RuntimeException e) {
      named.opened().close();
      throw e;
    }
  }

  /** The first tapdisk wrote the bits of each byte, and of each word, the other way round. */
  private static void refuseOldBitmaps(ByteSource source, VhdFooters footers)
      throws UnsupportedFeature {
    VhdFooter footer = footers.footer();
    if (footer.creatorApplication().startsWith("tap") && footer.creatorVersion() == 1) {
      throw new UnsupportedFeature(
          source.describe(),
          "footer creator version",
          footers.offset() + VhdFooters.CREATOR_VERSION_AT,
          "0.1 of tapdisk, whose sector bitmaps have another order of bits",
          "any later version",
          "Coalesce the chain with the vhd-util of the XenServer it is from");
    }
  }

  private static VhdImage identified(DiskImage opened, ByteView view, VhdDynamicHeader header)
      throws CorruptImage {
    // It was asked for as a VHD, so it is one.
    VhdImage parent = (VhdImage) opened;
    if (!parent.footer().uniqueId().equals(header.parentUniqueId())) {
      throw new CorruptImage(
          view.source(),
          "dynamic header parent unique id",
          view.offset() + DynamicHeaders.PARENT_UNIQUE_ID_AT,
          "{" + header.parentUniqueId() + "}",
          "{" + parent.footer().uniqueId() + "}, the unique id of " + parent.describe(),
          "That file is another disk, or was made anew since; put the parent with the id that was"
              + " found in its place");
    }
    return parent;
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
    if (data == BlockAllocationTable.ABSENT) {
      return parentAt(offset, length);
    }
    int inSector = (int) (inBlock % SECTOR);
    Stretch stretch =
        bitmaps.stretchAt(
            data - table.bitmapSize(),
            (int) (inBlock / SECTOR),
            (int) Math.ceilDiv(inSector + length, SECTOR));
    length = Math.min(length, (long) stretch.sectors() * SECTOR - inSector);
    return stretch.stored()
        ? new Extent.Data(offset, length, source(), data + inBlock)
        : parentAt(offset, length);
  }

  /** A parent may be smaller; what lies past its end was never written. */
  private Extent parentAt(long offset, long length) throws IOException {
    return offset < parent.size()
        ? parent.extentAt(offset, Math.min(length, parent.size() - offset))
        : new Extent.Zero(offset, length, false);
  }

  @Override
  protected void closeFiles() throws IOException {
    try (parent) {
      super.closeFiles();
    }
  }
}
