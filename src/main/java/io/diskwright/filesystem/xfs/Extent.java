package io.diskwright.filesystem.xfs;

/**
 * Blocks of a file that lie together.
 *
 * @param offset the first one's number in the file
 * @param block the first one's number in the filesystem
 * @param count how many, at least 1
 * @param unwritten whether they are reserved only, and read as zeros
 */
record Extent(long offset, long block, long count, boolean unwritten) {

  /** The number in the file of the block after it. */
  long end() {
    return offset + count;
  }

  /** Whether another one goes on where this one ends, in the file and in its group. */
  boolean isContinuedBy(Extent next) {
    return next.offset == end() && next.block == block + count && next.unwritten == unwritten;
  }
}
