package io.diskwright.filesystem.ext;

import java.util.Arrays;

/** Which clusters of a window of blocks are in use, and which inode claims them twice. */
final class BlockUse {

  private final int clusterBits;
  private final long firstDataBlock;
  private final long blocksCount;
  private final long window;
  private final long[] marked;
  private final boolean shared;
  private final CheckReport report;
  private long first;
  private long inode;
  private long lastCluster;

  /**
   * @param window blocks, a multiple of those of any cluster
   */
  BlockUse(ExtVolume volume, long window, CheckReport report) {
    this.clusterBits = volume.superblock().clusterBits();
    this.firstDataBlock = volume.superblock().firstDataBlock();
    this.blocksCount = volume.storableBlocks();
    this.window = window;
    long clusters = (Math.min(window, blocksCount) >> clusterBits) + 1;
    this.marked = new long[(int) (clusters / Long.SIZE + 1)];
    this.shared = (volume.superblock().roCompat() & Features.RO_COMPAT_SHARED_BLOCKS) != 0;
    this.report = report;
  }

  /** Forgets all, and looks at the blocks from one on. */
  void moveTo(long block) {
    first = block;
    Arrays.fill(marked, 0);
  }

  boolean covers(long block) {
    return block >= first && block < Math.min(blocksCount, first + window);
  }

  private int cluster(long block) {
    return (int)
        (Math.max(block - firstDataBlock, 0) / (1L << clusterBits)
            - Math.max(first - firstDataBlock, 0) / (1L << clusterBits));
  }

  boolean isMarked(long block) {
    int cluster = cluster(block);
    return (marked[cluster / Long.SIZE] >>> cluster & 1) != 0;
  }

  private void set(long block) {
    int cluster = cluster(block);
    marked[cluster / Long.SIZE] |= 1L << cluster;
  }

  /** Marks what the groups themselves use, which may share clusters. */
  void markMetadata(long block, long count) {
    long to = Math.min(Math.min(blocksCount, first + window), block + count);
    for (long at = Math.max(block, first); at < to; at++) {
      if (at >= firstDataBlock) {
        set(at);
      }
    }
  }

  /** What is marked next belongs to this inode. */
  void startInode(long number) {
    inode = number;
    lastCluster = -1;
  }

  /** Marks blocks of an inode, and reports those that are marked already. */
  void mark(long block, long count) {
    boolean told = false;
    for (long at = Math.max(block, first); at < block + count && covers(at); at++) {
      long cluster = cluster(at);
      // The blocks of one cluster belong to one file.
      if (cluster != lastCluster && isMarked(at) && !told && !shared) {
        report.add("inode " + inode, -1, "block " + at, "a block that nothing else uses");
        told = true;
      }
      lastCluster = cluster;
      set(at);
    }
  }
}
