package io.diskwright.source.compressed;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The content of a compressed file of several blocks, at random. */
final class BlockSource implements ByteSource {

  private final ByteSource compressed;
  private final String name;
  private final List<Block> blocks;
  private final BlockCache cache;
  private final long size;

  /**
   * @param compressed closed with this
   * @param blocks at least one, in order and without gaps
   */
  BlockSource(ByteSource compressed, String name, List<Block> blocks, Block.Decoder decoder) {
    this.compressed = compressed;
    this.name = name;
    this.blocks = List.copyOf(blocks);
    cache = new BlockCache(decoder);
    size = blocks.getLast().start() + blocks.getLast().length();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    long at = offset;
    while (target.hasRemaining()) {
      Block block = blocks.get(indexOf(at));
      int from = (int) (at - block.start());
      int count = Math.min(target.remaining(), block.length() - from);
      target.put(cache.get(block), from, count);
      at += count;
    }
  }

  /** The block that holds a byte of the content. */
  private int indexOf(long at) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (blocks.get(middle).start() <= at) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public void close() throws IOException {
    compressed.close();
  }
}
