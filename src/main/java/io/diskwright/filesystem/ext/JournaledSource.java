package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteSource;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A volume whose blocks are read from its journal where that holds something newer. */
final class JournaledSource implements ByteSource {

  private static final int JOURNAL_MAGIC = 0xc03b3998;

  private final ByteSource parent;
  private final int blockSize;
  private final long[] blocks;
  private final long[] copies;

  /**
   * @param newer by block, what {@link #copy} made of the place of its content
   */
  JournaledSource(ByteSource parent, int blockSize, LongTable newer) {
    this.parent = parent;
    this.blockSize = blockSize;
    this.blocks = newer.sortedKeys();
    this.copies = new long[blocks.length];
    for (int i = 0; i < blocks.length; i++) {
      copies[i] = newer.get(blocks[i], 0);
    }
  }

  /**
   * Where a block's newer content lies.
   *
   * @param block the filesystem's block that holds it, in the journal
   * @param escaped whether its first four bytes are zeros that stand for the journal's magic
   */
  static long copy(long block, boolean escaped) {
    return block << 1 | (escaped ? 1 : 0);
  }

  @Override
  public long size() {
    return parent.size();
  }

  @Override
  public String describe() {
    return parent.describe();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    int limit = target.limit();
    long position = offset;
    try {
      while (target.position() < limit) {
        int found = Arrays.binarySearch(blocks, position / blockSize);
        int start = target.position();
        int length = (int) Math.min(limit - start, together(found, position));
        target.limit(start + length);
        if (found < 0) {
          parent.read(position, target);
        } else {
          int within = (int) (position % blockSize);
          parent.read((copies[found] >>> 1) * blockSize + within, target);
          unescape(copies[found], within, target, start);
        }
        position += length;
        target.limit(limit);
      }
    } finally {
      target.limit(limit);
    }
  }

  /** How many bytes from a position on are of one kind. */
  private long together(int found, long position) {
    if (found >= 0) {
      return blockSize - position % blockSize;
    }
    int next = -found - 1;
    return next == blocks.length ? Long.MAX_VALUE : blocks[next] * blockSize - position;
  }

  private static void unescape(long copy, int within, ByteBuffer target, int start) {
    int end = Math.min(4, within + target.position() - start);
    for (int i = within; (copy & 1) != 0 && i < end; i++) {
      target.put(start + i - within, (byte) (JOURNAL_MAGIC >>> (24 - 8 * i)));
    }
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    int found = Arrays.binarySearch(blocks, offset / blockSize);
    long most = Math.min(length, together(found, offset));
    return found < 0 ? parent.runAt(offset, most) : new Run(false, most);
  }
}
