package io.diskwright.filesystem.ext;

import java.io.IOException;
import java.util.function.LongConsumer;

/** Where the blocks of a file lie. */
sealed interface BlockMap permits ExtentTree, IndirectBlocks {

  /** More blocks than any file has. */
  long MAX_BLOCKS = 1L << 32;

  /** How many blocks a file mapped like this can have. */
  long mostBlocks();

  /** The run that holds a block of the file; the block is its first. */
  BlockRun at(long block) throws IOException;

  /**
   * Tells the blocks of the map itself, beside those of the file's content.
   *
   * @param block takes each block's number
   */
  void ownBlocks(LongConsumer block) throws IOException;

  /** The map of an inode; of one with inline data it says nothing. */
  static BlockMap of(ExtVolume volume, Inode inode) throws IOException {
    return inode.has(Inode.FLAG_EXTENTS) && !inode.has(Inode.FLAG_INLINE_DATA)
        ? new ExtentTree(volume, inode)
        : new IndirectBlocks(volume, inode);
  }
}
