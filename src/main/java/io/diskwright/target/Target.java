package io.diskwright.target;

import io.diskwright.disk.Extent;
import java.io.Closeable;
import java.io.IOException;

/**
 * Where the bytes of a disk go. What is never written reads as zero. Closing a target before {@link
 * #publish} removes what was written, unless it is kept for a later run.
 */
public interface Target extends Closeable {

  /**
   * Told of every extent before it is written, in the order of the batches and from one thread at a
   * time, so that a container can give it its place.
   */
  default void expect(Extent extent) throws IOException {}

  /** Whether writers need their turns, see {@link Writer#inTurn}. */
  boolean ordered();

  /** A writer for one thread; the caller closes it. */
  Writer writer() throws IOException;

  /** Makes what is written so far durable. Any thread, beside the writers. */
  void flush() throws IOException;

  /**
   * Completes the output: all metadata, durable. After the last write.
   *
   * @param virtualSize bytes of the disk, a multiple of the format's {@link
   *     TargetFormat#sizeMultiple()}
   * @return bytes of the output
   */
  long finish(long virtualSize) throws IOException;

  /** Gives the finished output its own name. */
  void publish() throws IOException;
}
