package io.diskwright.filesystem.ext;

/**
 * Neighbouring blocks of a file that lie side by side on the volume, or a hole.
 *
 * @param start the file's first block of them
 * @param length blocks, at least 1
 * @param physical the volume's first block, 0 when nothing is stored
 * @param written false where blocks are allocated but read as zeros
 */
record BlockRun(long start, long length, long physical, boolean written) {

  static BlockRun hole(long start, long length) {
    return new BlockRun(start, length, 0, false);
  }

  /** The file's first block behind the run. */
  long end() {
    return start + length;
  }

  boolean isStored() {
    return physical != 0 && written;
  }

  /** The run from one of its blocks on. */
  BlockRun from(long block) {
    long skipped = block - start;
    return new BlockRun(block, length - skipped, physical == 0 ? 0 : physical + skipped, written);
  }
}
