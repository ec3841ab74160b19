package io.diskwright.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A disk whose bytes come once, in the order in which its container holds them. For one thread.
 * Closing it closes the stream behind it.
 */
public interface ForwardDisk extends Closeable {

  /** The name used in messages. */
  String describe();

  /** The size in bytes that the guest sees; empty while the stream has not told it yet. */
  OptionalLong size();

  /**
   * The next piece that is stored: data or encoded, held in memory, or zeros; what no piece covers
   * is zero, too. Pieces do not overlap; most containers hold them in the order of the disk, none
   * promises it.
   *
   * @return null at the end; by then {@link #size} is known and everything that the container and
   *     its wrappers promise has been checked
   * @throws io.diskwright.io.ImageException when the image is refused
   */
  @Nullable Extent next() throws IOException;

  /** The container's facts; complete when {@link #next} has returned null. */
  ImageInfo info();
}
