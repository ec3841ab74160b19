package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.function.LongConsumer;

/**
 * The block numbers of a file as ext2 keeps them: twelve in the inode, then through one, two and
 * three levels of blocks full of numbers. A lookup goes down one way and at most three blocks.
 */
final class IndirectBlocks implements BlockMap {

  private static final int DIRECT = 12;
  private static final int LEVELS = 3;

  private final ExtVolume volume;
  private final Inode inode;
  private final long perBlock;

  /** The table looked at last, which the next lookup mostly needs again. */
  private volatile Table last;

  /**
   * A block full of numbers of the file's blocks.
   *
   * @param start the file's first block of them
   */
  private record Table(long start, ByteView numbers) {}

  IndirectBlocks(ExtVolume volume, Inode inode) {
    this.volume = volume;
    this.inode = inode;
    this.perBlock = volume.blockSize() / 4;
    this.last = new Table(-perBlock, inode.body().empty());
  }

  @Override
  public long mostBlocks() {
    long most = DIRECT + perBlock + perBlock * perBlock + perBlock * perBlock * perBlock;
    return Math.min(most, MAX_BLOCKS);
  }

  @Override
  public BlockRun at(long block) throws IOException {
    if (block < DIRECT) {
      return direct((int) block);
    }
    Table table = last;
    if (block >= table.start && block < table.start + perBlock) {
      return inTable(table, block);
    }
    long first = DIRECT;
    long span = 1;
    for (int level = 1; level <= LEVELS; level++) {
      span *= perBlock;
      if (block - first < span) {
        return indirect(inode.blockNumber(DIRECT + level - 1), level, first, span, block);
      }
      first += span;
    }
    return BlockRun.hole(block, Math.max(1, MAX_BLOCKS - block));
  }

  private BlockRun direct(int block) throws IOException {
    long physical = inode.blockNumber(block);
    int length = 1;
    while (block + length < DIRECT
        && inode.blockNumber(block + length) == (physical == 0 ? 0 : physical + length)) {
      length++;
    }
    return run(block, length, physical);
  }

  private BlockRun run(long block, long length, long physical) throws IOException {
    if (physical == 0) {
      return BlockRun.hole(block, length);
    }
    volume.checkBlocks(
        "inode " + inode.number() + " block " + block, inode.offset(), physical, length);
    return new BlockRun(block, length, physical, true);
  }

  /**
   * @param number of the block full of numbers
   * @param level how many levels there are from it to the file's blocks
   * @param first the file's first block below it
   * @param span how many of the file's blocks lie below it
   */
  private BlockRun indirect(long number, int level, long first, long span, long block)
      throws IOException {
    long table = number;
    long start = first;
    long below = span;
    for (int at = level; at > 0; at--) {
      if (table == 0) {
        return BlockRun.hole(block, start + below - block);
      }
      ByteView numbers = volume.block(name(), table);
      below /= perBlock;
      int index = (int) ((block - start) / below);
      long next = numbers.u32(4 * index);
      if (at == 1) {
        last = new Table(start, numbers);
        return inTable(last, block);
      }
      start += index * below;
      table = next;
    }
    throw new IllegalStateException("level " + level);
  }

  private BlockRun inTable(Table table, long block) throws IOException {
    int index = (int) (block - table.start);
    long physical = table.numbers.u32(4 * index);
    return run(block, runLength(table.numbers, index, physical), physical);
  }

  private long runLength(ByteView numbers, int index, long physical) throws IOException {
    int length = 1;
    while (index + length < perBlock
        && numbers.u32(4 * (index + length)) == (physical == 0 ? 0 : physical + length)) {
      length++;
    }
    return length;
  }

  private String name() {
    return "inode " + inode.number() + " indirect block";
  }

  @Override
  public void ownBlocks(LongConsumer block) throws IOException {
    // A hostile file can lead through one block often; honest ones have no more than this.
    long[] left = {volume.superblock().blocksCount()};
    for (int level = 1; level <= LEVELS; level++) {
      ownBlocks(inode.blockNumber(DIRECT + level - 1), level, block, left);
    }
  }

  private void ownBlocks(long number, int level, LongConsumer block, long[] left)
      throws IOException {
    if (number == 0) {
      return;
    }
    ByteView numbers = volume.block(name(), number);
    if (left[0]-- <= 0) {
      throw numbers.corrupt(
          "numbers",
          0,
          "more blocks than the filesystem has",
          Fault.number(volume.superblock().blocksCount()));
    }
    block.accept(number);
    for (int i = 0; level > 1 && i < perBlock; i++) {
      ownBlocks(numbers.u32(4 * i), level - 1, block, left);
    }
  }
}
