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
    long position = offset;
    while (target.hasRemaining()) {
      BlockRun run = map.at(position / blockSize);
      int within = (int) (position % blockSize);
      int length = (int) Math.min(target.remaining(), bytes(run) - within);
      if (run.isStored()) {
        int limit = target.limit();
        target.limit(target.position() + length);
        volume.data().read(run.physical() * blockSize + within, target);
        target.limit(limit);
      } else {
        zeros(target, length);
      }
      position += length;
    }
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
