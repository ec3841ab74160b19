package io.diskwright.filesystem.ext;

import java.util.Arrays;

/** Which clusters of a window of blocks are in use, and which inode claims them twice. */
final class BlockUse {

  private final int clusterBits;
  private final long firstDataBlock;
  private final long blocksCount;
  private final long window;
  private final long[] marked;
  private long first;
  private long inode;
  private long lastCluster;

  BlockUse(Superblock superblock, long window) {
    this.clusterBits = superblock.clusterBits();
    this.firstDataBlock = superblock.firstDataBlock();
    this.blocksCount = superblock.blocksCount();
    this.window = window;
    long clusters = (Math.min(window, blocksCount) >> clusterBits) + 1;
    this.marked = new long[(int) (clusters / Long.SIZE + 1)];
  }

  /** Forgets all, and looks at the blocks from one on. */
  void moveTo(long block) {
    first = block;
    Arrays.fill(marked, 0);
  }

  boolean covers(long block) {
    return block >= first && block < Math.min(blocksCount, first + window);
  }

  private long cluster(long block) {
    return (block - firstDataBlock >> clusterBits) - (first - firstDataBlock >> clusterBits);
  }

  boolean isMarked(long block) {
    long cluster = cluster(block);
    return (marked[(int) (cluster / Long.SIZE)] >>> cluster & 1) != 0;
  }

  private void set(long block) {
    long cluster = cluster(block);
    marked[(int) (cluster / Long.SIZE)] |= 1L << cluster;
  }

  /** Marks what the groups themselves use, which may share clusters. */
  void markMetadata(long block, long count) {
    long from = Math.max(block, first);
    long to = Math.min(Math.min(blocksCount, first + window), block + count);
    for (long at = from; at < to; at++) {
      set(at);
    }
  }

  /** Marks an attribute block, which many inodes may share. */
  void markShared(long block) {
    markMetadata(block, 1);
  }

  /** What is marked next belongs to this inode. */
  void startInode(long number) {
    inode = number;
    lastCluster = -1;
  }

  /** Marks blocks of an inode, and reports those that are marked already. */
  void mark(long block, long count, ExtCheck.Report report) {
    for (long at = Math.max(block, first); at < block + count && covers(at); at++) {
      long cluster = cluster(at);
      // The blocks of one cluster belong to one file.
      if (cluster != lastCluster && isMarked(at)) {
        report.accept("inode " + inode, -1, "block " + at, "a block that nothing else uses");
      }
      lastCluster = cluster;
      set(at);
    }
  }
}
