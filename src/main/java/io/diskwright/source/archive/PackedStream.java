package io.diskwright.source.archive;

import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * As many bytes of a source as one member's packed data has. It remembers how reading failed, since
 * decoders hide the causes of their troubles; closing it leaves the source open.
 */
final class PackedStream extends BulkStream {

  private final ForwardSource source;
  private long left;
  private @Nullable IOException failure;

  /**
   * @param length bytes
   */
  PackedStream(ForwardSource source, long length) {
    this.source = source;
    this.left = length;
  }

  /** Bytes that were not read. */
  long left() {
    return left;
  }

  /** Why reading failed; null when it did not. */
  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public int read(byte[] target, int at, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      int count = source.read(ByteBuffer.wrap(target, at, (int) Math.min(length, left)));
      left -= count;
      return count == 0 ? -1 : count;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }
}
