package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A source from its start to its end; closing it leaves the source open. */
final class SourceStream extends BulkStream {

  private final ByteSource source;
  private long position;

  SourceStream(ByteSource source) {
    this.source = source;
  }

  @Override
  public int read(byte[] target, int at, int length) throws IOException {
    int count = (int) Math.min(length, source.size() - position);
    if (count == 0) {
      return length == 0 ? 0 : -1;
    }
    source.read(position, ByteBuffer.wrap(target, at, count));
    position += count;
    return count;
  }
}
