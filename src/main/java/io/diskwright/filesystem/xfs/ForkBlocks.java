package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a directory or an attribute fork, each of one or more of the filesystem's blocks.
 *
 * @param blockLog how many of the filesystem's blocks make one, as a power of two
 */
record ForkBlocks(Metadata metadata, Inode inode, ExtentMap map, String title, int blockLog) {

  /** Levels of nodes above the leaves, as the kernel allows them. */
  static final int MAX_LEVEL = 5;

  /** A fork's blocks of the filesystem's own size. */
  static ForkBlocks ofAttributes(Metadata metadata, Inode inode, Fork fork) throws IOException {
    return new ForkBlocks(
        metadata, inode, ExtentMap.of(metadata, inode, fork), "attribute block ", 0);
  }

  /** The blocks of a directory that does not fit into its inode. */
  static ForkBlocks ofDirectory(Metadata metadata, Inode inode) throws IOException {
    int log =
        Integer.numberOfTrailingZeros(metadata.superBlock().directoryBlockSize())
            - metadata.geometry().blockLog();
    return new ForkBlocks(
        metadata, inode, ExtentMap.of(metadata, inode, inode.data()), "directory block ", log);
  }

  /** Bytes of a block. */
  int blockSize() {
    return 1 << metadata.geometry().blockLog() + blockLog;
  }

  /** A block's name in messages. */
  String structure(long fileBlock) {
    return "inode " + inode.number() + " " + title + fileBlock;
  }

  /**
   * Reads a block.
   *
   * @param fileBlock the number in the file of the first of the filesystem's blocks it is made of
   * @throws CorruptImage when its checksum is wrong, or it lies in a hole
   */
  ByteView read(long fileBlock, int crcAt) throws IOException {
    return read(fileBlock, 1, crcAt);
  }

  /** How many blocks from one on lie together, at most so many; 1 in a hole. */
  int together(long fileBlock, int most) throws IOException {
    Extent extent = map.find(fileBlock);
    return extent == null || extent.offset() > fileBlock
        ? 1
        : (int) Math.min(extent.end() - fileBlock, most);
  }

  /** Reads several blocks that are sealed as one. */
  ByteView read(long fileBlock, int count, int crcAt) throws IOException {
    Extent extent = map.find(fileBlock);
    if (extent == null || extent.offset() > fileBlock) {
      throw metadata.corrupt(structure(fileBlock), "a hole", "a block");
    }
    int blocks = count << blockLog;
    long first = extent.block() + (fileBlock - extent.offset());
    if (extent.end() - fileBlock >= blocks) {
      return metadata.block(structure(fileBlock), first, count * blockSize(), crcAt);
    }
    return scattered(fileBlock, extent, crcAt);
  }

  private ByteView scattered(long fileBlock, Extent first, int crcAt) throws IOException {
    Geometry geometry = metadata.geometry();
    byte[] bytes = new byte[blockSize()];
    for (int i = 0; i < 1 << blockLog; i++) {
      Extent extent = map.find(fileBlock + i);
      if (extent == null || extent.offset() > fileBlock + i) {
        throw metadata.corrupt(structure(fileBlock), "a hole in it", "a whole block");
      }
      long block = extent.block() + (fileBlock + i - extent.offset());
      byte[] part =
          metadata.bytes(structure(fileBlock), geometry.offset(block), geometry.blockSize());
      System.arraycopy(part, 0, bytes, i << geometry.blockLog(), part.length);
    }
    ByteView view =
        metadata.view(
            bytes,
            structure(fileBlock),
            geometry.offset(first.block() + (fileBlock - first.offset())));
    if (metadata.isV5()) {
      Metadata.verify(bytes, view, crcAt);
    }
    return view;
  }

  /**
   * The first block that is not in a hole, from one on; negative when there is none below a limit.
   */
  long next(long fileBlock, long limit) throws IOException {
    if (fileBlock >= limit) {
      return -1;
    }
    Extent extent = map.find(fileBlock);
    if (extent == null || extent.offset() >= limit) {
      return -1;
    }
    return Math.max(fileBlock, extent.offset() >>> blockLog << blockLog);
  }

  /** Reads a block of an index by hash. */
  IndexBlock index(long fileBlock) throws IOException {
    return IndexBlock.parse(metadata, read(fileBlock, IndexBlock.CRC_AT), inode.number());
  }

  /**
   * More blocks than the inode says it has, or than there are, cannot be read without reading some
   * twice.
   */
  long mostBlocks() {
    return Math.min(inode.nblocks(), metadata.geometry().blocks());
  }

  /** Refuses an index that goes on for ever. */
  CorruptImage endless(String what) {
    return metadata.corrupt(
        "inode " + inode.number() + " " + what,
        "more blocks than the inode has",
        "at most " + Fault.number(mostBlocks()));
  }

  /** The leaf of an index where a hash is, or would be; null when the hash is above all. */
  @Nullable IndexBlock leaf(long root, long hash) throws IOException {
    IndexBlock block = index(root);
    int level = block.type() == IndexBlock.Type.NODE ? block.level() : 0;
    if (level > MAX_LEVEL || level == 0 && block.type() == IndexBlock.Type.NODE) {
      throw level(block, "1 to " + MAX_LEVEL);
    }
    while (level > 0) {
      HashIndex hashes = block.hashes();
      if (hashes.count() == 0) {
        throw block.view().corrupt("count", block.headerSize(), "0", "at least 1 in a node");
      }
      int found = hashes.find(hash);
      if (found == hashes.count()) {
        return null;
      }
      block = index(hashes.value(found));
      level--;
      int actual = block.type() == IndexBlock.Type.NODE ? block.level() : 0;
      if (actual != level || (level == 0) == (block.type() == IndexBlock.Type.NODE)) {
        throw level(block, "" + level);
      }
    }
    return block;
  }

  private static CorruptImage level(IndexBlock block, String allowed) throws CorruptImage {
    return block.view().corrupt("level", block.headerSize() + 2, "" + block.level(), allowed);
  }
}
