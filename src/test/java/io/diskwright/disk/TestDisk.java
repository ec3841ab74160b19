package io.diskwright.disk;

import io.diskwright.io.MemorySource;
import java.util.ArrayList;
import java.util.List;

/** A disk in memory, given extent by extent. */
public final class TestDisk extends MappedDisk {

  private final List<Extent> extents = new ArrayList<>();
  private long size;
  private boolean closed;

  /** Appends zeros. */
  public TestDisk zeros(long length, boolean explicit) {
    extents.add(new Extent.Zero(size, length, explicit));
    size += length;
    return this;
  }

  /** Appends bytes. */
  public TestDisk data(byte[] bytes) {
    extents.add(new Extent.Data(size, bytes.length, new MemorySource("data", bytes), 0));
    size += bytes.length;
    return this;
  }

  /** Appends an extent as it is; it must start at the disk's end. */
  public TestDisk extent(Extent extent) {
    extents.add(extent);
    size += extent.length();
    return this;
  }

  /** Whether it was closed. */
  public boolean closed() {
    return closed;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String describe() {
    return "test disk";
  }

  @Override
  protected Extent mapAt(long offset, long limit) {
    for (Extent extent : extents) {
      if (offset >= extent.start() && offset < extent.end()) {
        return from(extent, offset - extent.start());
      }
    }
    throw new AssertionError("unmapped " + offset);
  }

  private static Extent from(Extent extent, long skip) {
    long start = extent.start() + skip;
    long length = extent.length() - skip;
    return switch (extent) {
      case Extent.Zero e -> new Extent.Zero(start, length, e.explicit());
      case Extent.Data e -> new Extent.Data(start, length, e.source(), e.sourceOffset() + skip);
      case Extent.Encoded e ->
          new Extent.Encoded(
              start,
              length,
              e.source(),
              e.sourceOffset(),
              e.encodedLength(),
              e.codec(),
              e.blockLength(),
              e.skip() + (int) skip);
    };
  }

  @Override
  protected void closeFiles() {
    closed = true;
  }
}
