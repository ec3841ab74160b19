package io.diskwright.filesystem.ext;

import io.diskwright.io.ImageException;
import java.io.IOException;

/** The blocks that the groups themselves take: superblocks, descriptors, bitmaps, inode tables. */
final class GroupMetadata {

  private GroupMetadata() {}

  /** Takes blocks. */
  @FunctionalInterface
  interface Marker {
    void mark(long block, long count);
  }

  static void mark(ExtVolume volume, Marker marker, CheckReport report) throws IOException {
    Superblock superblock = volume.superblock();
    long perBlock = superblock.blockSize() / superblock.descSize();
    long tableBlocks = (superblock.groups() + perBlock - 1) / perBlock;
    boolean metaBg = (superblock.incompat() & Features.INCOMPAT_META_BG) != 0;
    long plain = metaBg ? Math.min(superblock.firstMetaBg(), tableBlocks) : tableBlocks;
    if (superblock.firstDataBlock() > 0 || superblock.blockSize() == 1024) {
      marker.mark(0, 1);
    }
    if ((superblock.incompat() & Features.INCOMPAT_MMP) != 0) {
      marker.mark(superblock.mmpBlock(), 1);
    }
    for (long group = 0; group < superblock.groups() && !report.isFull(); group++) {
      long first = superblock.firstBlock(group);
      boolean copy = superblock.hasCopy(group);
      // Where block 0 is the boot block and clusters hide that, the superblock follows it.
      long shift = group == 0 && superblock.blockSize() == 1024 && first == 0 ? 1 : 0;
      if (copy) {
        marker.mark(first + shift, 1);
        boolean reserved = !metaBg || group / perBlock < plain;
        marker.mark(first + shift + 1, plain + (reserved ? superblock.reservedGdtBlocks() : 0));
      }
      long within = group % perBlock;
      boolean holdsMeta = within == 0 || within == 1 || within == perBlock - 1;
      if (metaBg && group / perBlock >= plain && holdsMeta) {
        marker.mark(first + shift + (copy ? 1 : 0), 1);
      }
      group(volume, group, marker, report);
    }
  }

  private static void group(ExtVolume volume, long group, Marker marker, CheckReport report)
      throws IOException {
    Superblock superblock = volume.superblock();
    try {
      GroupDescriptor descriptor = volume.descriptor(group);
      long bytes = superblock.inodesPerGroup() * superblock.inodeSize();
      long tableLength = (bytes + superblock.blockSize() - 1) / superblock.blockSize();
      String name = "group " + group + " descriptor";
      volume.checkBlocks(name, -1, descriptor.blockBitmap(), 1);
      volume.checkBlocks(name, -1, descriptor.inodeBitmap(), 1);
      volume.checkBlocks(name, -1, descriptor.inodeTable(), tableLength);
      marker.mark(descriptor.blockBitmap(), 1);
      marker.mark(descriptor.inodeBitmap(), 1);
      marker.mark(descriptor.inodeTable(), tableLength);
    } catch (ImageException e) {
      report.add(e);
    }
  }
}
