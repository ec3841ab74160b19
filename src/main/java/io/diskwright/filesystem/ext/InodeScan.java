package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;

/** Goes over all inodes that are in use. */
record InodeScan(ExtVolume volume, Orphans orphans, CheckReport report) {

  /** Does something with an inode. */
  @FunctionalInterface
  interface Visitor {
    void visit(Inode inode) throws IOException;
  }

  /** Visits each inode in use. What a visit refuses is a problem of that inode. */
  void each(Visitor visitor) throws IOException {
    Superblock superblock = volume.superblock();
    for (long group = 0; group < superblock.groups() && !report.isFull(); group++) {
      try {
        GroupDescriptor descriptor = volume.descriptor(group);
        if (!superblock.hasUninitializedGroups() || !descriptor.inodesUninitialized()) {
          long first = group * superblock.inodesPerGroup() + 1;
          long used = superblock.inodesPerGroup() - unused(superblock, descriptor);
          for (long number = first; number < first + used && !report.isFull(); number++) {
            one(number, visitor);
          }
        }
      } catch (ImageException e) {
        report.add(e);
      }
    }
  }

  /** How many inodes at the end of a group were never used. */
  static long unused(Superblock superblock, GroupDescriptor descriptor) {
    return superblock.hasUninitializedGroups()
        ? Math.min(descriptor.itableUnused(), superblock.inodesPerGroup())
        : 0;
  }

  private void one(long number, Visitor visitor) throws IOException {
    Superblock superblock = volume.superblock();
    ByteView view = volume.inodeView(number);
    int links = view.u16(26);
    boolean reserved = number < superblock.firstInode() && view.u16(0) != 0;
    if (number <= superblock.inodesCount()
        && (links != 0 || reserved || orphans.contains(number))) {
      try {
        visitor.visit(volume.inode(number));
      } catch (ImageException e) {
        report.add(e);
      }
    }
  }
}
