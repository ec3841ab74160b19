package io.diskwright.target;

import io.diskwright.io.FileRange;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One thread's way into a target. Writes come in batches, whose ranges of the disk do not share a
 * block of 64 KiB; inside a batch offsets ascend.
 */
public interface Writer extends Closeable {

  /** Whether {@link #copy} works. */
  default boolean copies() {
    return false;
  }

  /**
   * Writes the remaining bytes at {@code offset} of the disk; the buffer may be reused afterwards.
   */
  void write(ByteBuffer bytes, long offset) throws IOException;

  /** Copies a range of another file to {@code offset} of the disk, inside the kernel. */
  default void copy(FileRange range, long offset) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The batch is complete. */
  default void endBatch() throws IOException {}

  /**
   * After {@link #endBatch}: all batches before this one had their turns; one writer at a time is
   * here, in the order of the batches. Called only for targets that are {@link Target#ordered}.
   */
  default void inTurn() throws IOException {}

  /** The turn has passed on: what needed no order can be written now. Called after each batch. */
  default void afterTurn() throws IOException {}
}
