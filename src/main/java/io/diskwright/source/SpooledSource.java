package io.diskwright.source;

import io.diskwright.io.ByteSource;
import io.diskwright.io.FileRange;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file with the bytes of something else. Its holes are known from when it was written,
 * since no path leads to the file any more by which the system could be asked.
 *
 * @param name what the bytes are of
 * @param path where the file is or was
 * @param size bytes
 * @param stored the blocks that are no holes; not changed any more
 */
record SpooledSource(String name, Path path, FileChannel channel, long size, BitSet stored)
    implements ByteSource {

  /** The grain of holes, in bytes. */
  static final int BLOCK = 1 << 16;

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    long position = offset;
    while (target.hasRemaining()) {
      int count = channel.read(target, position);
      if (count < 0) {
        throw new IOException("the temporary file " + path + " became shorter while it was read");
      }
      position += count;
    }
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public @Nullable FileRange fileRange(long offset, long length) {
    return offset < 0 || length < 0 || offset > size || length > size - offset
        ? null
        : new FileRange(path, channel, offset, length);
  }

  @Override
  public Run runAt(long offset, long length) {
    int block = (int) (offset / BLOCK);
    boolean hole = !stored.get(block);
    int next = hole ? stored.nextSetBit(block) : stored.nextClearBit(block);
    return new Run(hole, next < 0 ? length : Math.min(length, (long) next * BLOCK - offset));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
