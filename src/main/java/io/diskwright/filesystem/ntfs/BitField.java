package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A bitmap read in order, a block at a time. For one thread. */
final class BitField {

  private static final int BLOCK = 1 << 16;

  private final ByteSource bytes;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
  private long start;

  BitField(ByteSource bytes) {
    this.bytes = bytes;
  }

  /** Whether a bit is set; those behind the end are not. */
  boolean get(long bit) throws IOException {
    long at = bit / Byte.SIZE;
    if (at >= bytes.size()) {
      return false;
    }
    if (at < start || at - start >= block.limit()) {
      start = at / BLOCK * BLOCK;
      block.clear().limit((int) Math.min(BLOCK, bytes.size() - start));
      try {
        bytes.read(start, block);
      } catch (IOException e) {
        block.limit(0);
        throw e;
      }
    }
    return (block.get((int) (at - start)) >> (bit % Byte.SIZE) & 1) != 0;
  }
}
