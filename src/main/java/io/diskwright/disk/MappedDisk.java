package io.diskwright.disk;

import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A disk given by its map alone: subclasses say where bytes lie, this class reads them and splits
 * data at the holes of the file behind it.
 */
public abstract class MappedDisk implements VirtualDisk {

  private final ConcurrentLinkedDeque<ExtentReader> readers = new ConcurrentLinkedDeque<>();

  /**
   * Maps as {@link #extentAt}; the parameters are already checked.
   *
   * @return an extent that starts at {@code offset}; one longer than {@code limit} is cut
   */
  protected abstract Extent mapAt(long offset, long limit) throws IOException;

  @Override
  public final Extent extentAt(long offset, long limit) throws IOException {
    if (limit < 1) {
      throw new IndexOutOfBoundsException("limit " + limit);
    }
    Objects.checkFromIndexSize(offset, limit, size());
    Extent extent = mapAt(offset, limit);
    if (extent.length() > limit) {
      extent = extent.head(limit);
    }
    if (extent instanceof Extent.Data data) {
      data.source().checkInside("data", data.sourceOffset(), data.length());
      Run run = data.source().runAt(data.sourceOffset(), data.length());
      return run.hole()
          ? new Extent.Zero(offset, run.length(), false)
          : run.length() < data.length() ? data.head(run.length()) : data;
    }
    return extent;
  }

  @Override
  public final void read(long offset, ByteBuffer target) throws IOException {
    ExtentReader reader = readers.pollFirst();
    if (reader == null) {
      reader = new ExtentReader(false);
    }
    try {
      reader.read(this, offset, target);
    } finally {
      readers.addFirst(reader);
    }
  }

  /** Closes the files of this disk. */
  protected abstract void closeFiles() throws IOException;

  @Override
  public final void close() throws IOException {
    for (ExtentReader reader = readers.poll(); reader != null; reader = readers.poll()) {
      reader.close();
    }
    closeFiles();
  }
}
