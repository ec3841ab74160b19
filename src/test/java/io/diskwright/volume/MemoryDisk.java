package io.diskwright.volume;

import io.diskwright.disk.Extent;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.MemorySource;

/** A disk in memory, which remembers that it was closed. */
public final class MemoryDisk extends MappedDisk {

  private final MemorySource source;
  private boolean closed;

  /** Takes the bytes as they are. */
  public MemoryDisk(byte[] bytes) {
    source = new MemorySource("disk", bytes);
  }

  /** Whether it was closed. */
  public boolean closed() {
    return closed;
  }

  @Override
  public long size() {
    return source.size();
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  protected Extent mapAt(long offset, long limit) {
    return new Extent.Data(offset, limit, source, offset);
  }

  @Override
  protected void closeFiles() {
    closed = true;
  }
}
