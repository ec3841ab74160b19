package io.diskwright.filesystem.ext;

import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;

/**
 * Compares the bitmaps with what the inodes use, and the link counts with the directories. Memory
 * is bounded by going over all inodes once for each window of blocks and inodes.
 */
final class ExtCheck {

  /** 32 MiB of bits. */
  private static final long WINDOW_BLOCKS = 1L << 28;

  private final ExtVolume volume;
  private final Superblock superblock;
  private final CheckReport report;
  private final InodeScan inodes;

  ExtCheck(ExtVolume volume, CheckReport report) throws IOException {
    this.volume = volume;
    this.superblock = volume.superblock();
    this.report = report;
    this.inodes = new InodeScan(volume, Orphans.of(volume), report);
  }

  /**
   * @param closed whether the superblock's counters were brought up to date by an unmount
   */
  void run(boolean closed) throws IOException {
    try {
      blocks();
      var links = new LinkCheck(volume, report, inodes);
      links.run();
      if (closed && !report.isFull()) {
        counters();
      }
    } catch (ImageException e) {
      report.add(e);
    }
  }

  private void blocks() throws IOException {
    var use = new BlockUse(volume, WINDOW_BLOCKS, report);
    var bitmaps = new BitmapCheck(volume, report);
    // What lies behind the volume's end is a problem told already.
    for (long first = 0; first < volume.storableBlocks(); first += WINDOW_BLOCKS) {
      use.moveTo(first);
      GroupMetadata.mark(volume, use::markMetadata, report);
      var check = new InodeCheck(inodes, use, first == 0);
      inodes.each(check::inode);
      check.end();
      for (long group = 0; group < superblock.groups() && !report.isFull(); group++) {
        if (use.covers(superblock.firstBlock(group))) {
          bitmaps.blocks(group, use);
        }
      }
    }
  }

  /** What is free must be the sum of what is free in the groups. */
  private void counters() throws IOException {
    long blocks = 0;
    long free = 0;
    for (long group = 0; group < superblock.groups(); group++) {
      GroupDescriptor descriptor = volume.descriptor(group);
      blocks += descriptor.freeBlocks() << superblock.clusterBits();
      free += descriptor.freeInodes();
    }
    if (blocks != superblock.freeBlocksCount()) {
      report.add(
          "superblock s_free_blocks_count",
          Superblock.OFFSET + 0xc,
          Fault.number(superblock.freeBlocksCount()),
          blocks + ", the sum of the groups'");
    }
    if (free != superblock.freeInodesCount()) {
      report.add(
          "superblock s_free_inodes_count",
          Superblock.OFFSET + 0x10,
          Fault.number(superblock.freeInodesCount()),
          free + ", the sum of the groups'");
    }
  }
}
