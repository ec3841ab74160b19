package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;

/**
 * How block and inode numbers lead to bytes. A block number is the number of its allocation group
 * above, of the block in the group below; an inode number has the index in its block below that.
 *
 * @param blockLog block size as a power of two, 9 to 16
 * @param blocks of the whole filesystem
 * @param agBlocks blocks of every allocation group but the last, which may be shorter
 * @param agBlockLog bits of a block number that number the block in its group
 * @param agCount how many groups
 * @param inodeLog inode size as a power of two, 8 to 11
 */
record Geometry(
    int blockLog, long blocks, long agBlocks, int agBlockLog, long agCount, int inodeLog) {

  /** The longest allocation group: 1 TiB. */
  private static final int MAX_AG_LOG = 40;

  private static final int MAX_BLOCK_LOG = 16;

  /** The magnitude of a basic block, by which blocks know their own place. */
  private static final int BASIC_BLOCK_LOG = 9;

  static Geometry parse(ByteView view) throws CorruptImage {
    int blockLog = power(view, "blocklog", 120, view.u32(4), 9, MAX_BLOCK_LOG);
    int inodeLog = power(view, "inodelog", 122, view.u16(104), 8, 11);
    if (inodeLog > blockLog || view.u8(123) != blockLog - inodeLog) {
      throw view.corrupt("inopblog", 123, "" + view.u8(123), "blocklog less inodelog");
    }
    long blocks = view.u64(8);
    if (blocks <= 0 || blocks > Long.MAX_VALUE >> blockLog + 1) {
      throw view.corrupt("dblocks", 8, Fault.number(blocks), "blocks below 2^62 bytes");
    }
    long agBlocks = view.u32(84);
    if (agBlocks < 8 || agBlocks > 1L << MAX_AG_LOG - blockLog) {
      throw view.corrupt("agblocks", 84, Fault.number(agBlocks), "8 to the blocks of 1 TiB");
    }
    long agCount = view.u32(88);
    if (agCount == 0 || (blocks - 1) / agBlocks != agCount - 1) {
      throw view.corrupt(
          "agcount",
          88,
          Fault.number(agCount),
          Fault.number((blocks - 1) / agBlocks + 1) + ", as many as hold the blocks");
    }
    int agBlockLog = Long.SIZE - Long.numberOfLeadingZeros(agBlocks - 1);
    if (view.u8(124) != agBlockLog || agBlockLog + blockLog - inodeLog > Integer.SIZE) {
      throw view.corrupt("agblklog", 124, "" + view.u8(124), "" + agBlockLog);
    }
    return new Geometry(blockLog, blocks, agBlocks, agBlockLog, agCount, inodeLog);
  }

  /** Checks a size against the logarithm that is stored beside it. */
  static int power(ByteView view, String field, int at, long size, int least, int most)
      throws CorruptImage {
    int log = view.u8(at);
    if (log < least || log > most || size != 1L << log) {
      throw view.corrupt(
          field,
          at,
          log + " beside a size of " + Fault.number(size),
          least + " to " + most + ", the logarithm of that size");
    }
    return log;
  }

  int blockSize() {
    return 1 << blockLog;
  }

  int inodeSize() {
    return 1 << inodeLog;
  }

  private int agInodeLog() {
    return agBlockLog + blockLog - inodeLog;
  }

  /** How many blocks a group has; the group exists. */
  long agLength(long ag) {
    return ag == agCount - 1 ? blocks - ag * agBlocks : agBlocks;
  }

  /** The group of a block. */
  long agOfBlock(long block) {
    return block >>> agBlockLog;
  }

  /** The number of a block in its group. */
  long inAg(long block) {
    return block & (1L << agBlockLog) - 1;
  }

  /** The block of that number in a group. */
  long block(long ag, long inAg) {
    return ag << agBlockLog | inAg;
  }

  /** Whether an extent lies inside one group. */
  boolean holds(long block, long count) {
    long ag = agOfBlock(block);
    return block >= 0
        && count >= 0
        && ag < agCount
        && inAg(block) < agLength(ag)
        && count <= agLength(ag) - inAg(block);
  }

  /** Where a block lies, counted in blocks from the start of the volume; {@link #holds} it. */
  long linear(long block) {
    return agOfBlock(block) * agBlocks + inAg(block);
  }

  /** Where a block lies, in bytes from the start of the volume; {@link #holds} it. */
  long offset(long block) {
    return linear(block) << blockLog;
  }

  /** What a block that lies there says of its place: units of 512 bytes. */
  static long basicBlock(long offset) {
    return offset >>> BASIC_BLOCK_LOG;
  }

  /** Whether there can be an inode of that number. */
  boolean holdsInode(long inode) {
    return inode > 0 && holds(inode >>> blockLog - inodeLog, 1);
  }

  /** Where an inode lies, in bytes from the start of the volume; {@link #holdsInode} it. */
  long inodeOffset(long inode) {
    int perBlockLog = blockLog - inodeLog;
    return offset(inode >>> perBlockLog) + ((inode & (1L << perBlockLog) - 1) << inodeLog);
  }

  /** The inode that a group knows by a number of its own. */
  long inode(long ag, long inAg) {
    return ag << agInodeLog() | inAg;
  }

  /** The block in its group of an inode that the group knows by a number of its own. */
  long blockOfInode(long inAg) {
    return inAg >>> blockLog - inodeLog;
  }

  /** The group of an inode. */
  long agOfInode(long inode) {
    return inode >>> agInodeLog();
  }
}
