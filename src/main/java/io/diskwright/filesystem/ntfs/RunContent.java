package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream read run by run straight from the volume. */
final class RunContent implements ByteSource {

  private static final byte[] ZEROS = new byte[8192];

  private final ByteSource data;
  private final String name;
  private final long size;
  private final long initialized;
  private final Runs runs;
  private final long clusterSize;

  RunContent(NtfsVolume volume, String name, long size, long initialized, Runs runs) {
    // The table of files is read in small pieces, contents in large ones, which the cache lets by.
    this.data = volume.metadata();
    this.name = name;
    this.size = size;
    this.initialized = initialized;
    this.runs = runs;
    this.clusterSize = volume.boot().clusterSize();
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
      if (position >= initialized) {
        zeros(target, target.remaining());
        return;
      }
      int run = runs.find(position / clusterSize);
      long end = Math.min(initialized, runs.end(run) * clusterSize);
      int length = (int) Math.min(target.remaining(), end - position);
      if (runs.lcn(run) == Runs.SPARSE) {
        zeros(target, length);
      } else {
        int limit = target.limit();
        target.limit(target.position() + length);
        data.read(place(run, position), target);
        target.limit(limit);
      }
      position += length;
    }
  }

  private long place(int run, long position) {
    return runs.lcn(run) * clusterSize + (position - runs.start(run) * clusterSize);
  }

  static void zeros(ByteBuffer target, int length) {
    for (int left = length; left > 0; left -= ZEROS.length) {
      target.put(ZEROS, 0, Math.min(left, ZEROS.length));
    }
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    checkInside("data", offset, length);
    if (offset >= initialized) {
      return new Run(true, length);
    }
    int run = runs.find(offset / clusterSize);
    long inRun = Math.min(length, Math.min(initialized, runs.end(run) * clusterSize) - offset);
    return runs.lcn(run) == Runs.SPARSE
        ? new Run(true, inRun)
        : data.runAt(place(run, offset), inRun);
  }
}
