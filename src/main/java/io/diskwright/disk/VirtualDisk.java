package io.diskwright.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The guest-visible disk: a size, a map of extents made as it is asked for, and reads. Safe for any
 * thread. Closing it closes every file it opened.
 */
public interface VirtualDisk extends Closeable {

  /** The size in bytes that the guest sees. */
  long size();

  /** The name used in messages. */
  String describe();

  /**
   * The extent that starts at {@code offset}: as long as is known without much work, and not longer
   * than {@code limit}. Neighbours of one kind may be separate; {@link ExtentCursor} joins them.
   *
   * @param offset from 0 to below {@link #size()}, in bytes
   * @param limit bytes, from 1 to {@code size() - offset}
   */
  Extent extentAt(long offset, long limit) throws IOException;

  /**
   * Fills the remaining space of {@code target} from {@code offset} on.
   *
   * @throws io.diskwright.io.ImageException when the image does not yield these bytes
   * @throws IndexOutOfBoundsException when the range leaves the disk
   */
  void read(long offset, ByteBuffer target) throws IOException;
}
