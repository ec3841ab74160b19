package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteSource;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The content of a file, read run by run straight from the volume. */
final class ExtContent implements ByteSource {

  private static final byte[] ZEROS = new byte[8192];

  private final ExtVolume volume;
  private final BlockMap map;
  private final String name;
  private final long size;
  private final int blockSize;

  ExtContent(ExtVolume volume, Inode inode, BlockMap map) {
    this.volume = volume;
    this.map = map;
    this.name = volume.describe() + "[inode " + inode.number() + "]";
    this.size = inode.size();
    this.blockSize = volume.blockSize();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    int limit = target.limit();
    long position = offset;
    try {
      while (target.position() < limit) {
        int most = limit - target.position();
        BlockRun run = together(position / blockSize, (position + most - 1) / blockSize + 1);
        int within = (int) (position % blockSize);
        int length = (int) Math.min(most, bytes(run) - within);
        if (run.isStored()) {
          target.limit(target.position() + length);
          volume.data().read(run.physical() * blockSize + within, target);
          target.limit(limit);
        } else {
          zeros(target, length);
        }
        position += length;
      }
    } finally {
      target.limit(limit);
    }
  }

  /** The run from a block on, with those that lie behind it on the volume, too, up to a block. */
  private BlockRun together(long block, long end) throws IOException {
    BlockRun run = map.at(block);
    while (run.isStored() && run.end() < end) {
      BlockRun next = map.at(run.end());
      if (!next.isStored() || next.physical() != run.physical() + run.length()) {
        break;
      }
      run = new BlockRun(block, run.length() + next.length(), run.physical(), true);
    }
    return run;
  }

  private static void zeros(ByteBuffer target, int length) {
    for (int left = length; left > 0; left -= ZEROS.length) {
      target.put(ZEROS, 0, Math.min(left, ZEROS.length));
    }
  }

  /** A run's bytes; runs without end are cut where no buffer reaches. */
  private long bytes(BlockRun run) {
    return Math.min(run.length(), Long.MAX_VALUE / blockSize) * blockSize;
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    checkInside("data", offset, length);
    BlockRun run = map.at(offset / blockSize);
    long within = offset % blockSize;
    long inRun = Math.min(length, bytes(run) - within);
    return run.isStored()
        ? volume.data().runAt(run.physical() * blockSize + within, inRun)
        : new Run(true, inRun);
  }
}
