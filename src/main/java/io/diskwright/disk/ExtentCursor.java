package io.diskwright.disk;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks a range of a disk in order, each extent as long as it gets: neighbouring data that also
 * lies together, and neighbouring zeros, are joined. For one thread.
 */
public final class ExtentCursor {

  private final VirtualDisk disk;
  private final long to;
  private long position;
  private @Nullable Extent pending;

  /**
   * @param from first byte, from 0 to {@code to}
   * @param to end, exclusive, at most the disk's size
   */
  public ExtentCursor(VirtualDisk disk, long from, long to) {
    Objects.checkFromToIndex(from, to, disk.size());
    this.disk = disk;
    this.position = from;
    this.to = to;
  }

  /**
   * Maps the whole disk and forgets it, to find what is wrong in its container's tables.
   *
   * @throws io.diskwright.io.ImageException when something is
   */
  public static void walk(VirtualDisk disk) throws IOException {
    var cursor = new ExtentCursor(disk, 0, disk.size());
    Extent extent = cursor.next();
    while (extent != null) {
      extent = cursor.next();
    }
  }

  /** The next extent, or null at the end of the range. */
  public @Nullable Extent next() throws IOException {
    Extent current = take();
    if (current == null) {
      return null;
    }
    while (true) {
      Extent following = take();
      if (following == null) {
        return current;
      }
      Extent joined = join(current, following);
      if (joined == null) {
        pending = following;
        return current;
      }
      current = joined;
    }
  }

  private @Nullable Extent take() throws IOException {
    Extent extent = pending;
    if (extent != null) {
      pending = null;
      return extent;
    }
    if (position >= to) {
      return null;
    }
    extent = disk.extentAt(position, to - position);
    if (extent.start() != position || extent.length() < 1 || extent.length() > to - position) {
      throw new IllegalStateException(disk.describe() + " maps " + position + " to " + extent);
    }
    position = extent.end();
    return extent;
  }

  private static @Nullable Extent join(Extent first, Extent second) {
    if (first instanceof Extent.Zero a
        && second instanceof Extent.Zero b
        && a.explicit() == b.explicit()) {
      return new Extent.Zero(a.start(), a.length() + b.length(), a.explicit());
    }
    if (first instanceof Extent.Data a
        && second instanceof Extent.Data b
        && a.source() == b.source()
        && a.sourceOffset() + a.length() == b.sourceOffset()) {
      return new Extent.Data(a.start(), a.length() + b.length(), a.source(), a.sourceOffset());
    }
    return null;
  }
}
