package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An attribute's value in blocks of its own, read when it is asked for.
 *
 * @param first the block of the attribute fork where it starts
 * @param length bytes, at most {@link #MAX_LENGTH}
 */
record RemoteAttribute(ForkBlocks blocks, long first, int length) implements ByteSource {

  /** As much as the kernel stores in one attribute. */
  static final int MAX_LENGTH = 1 << 16;

  private static final String MAGIC = "XARM";

  @Override
  public long size() {
    return length;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("value", offset, target.remaining());
    byte[] value = new RemoteBlocks(blocks, MAGIC, false).read(first, length);
    target.put(value, (int) offset, target.remaining());
  }

  @Override
  public String describe() {
    return blocks.metadata().describe() + ", attribute of inode " + blocks.inode().number();
  }
}
