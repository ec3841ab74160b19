package io.diskwright.source.archive;

import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A forward source as a stream; closing it closes the source. */
final class ForwardStream extends BulkStream {

  private final ForwardSource source;

  ForwardStream(ForwardSource source) {
    this.source = source;
  }

  @Override
  public int read(byte[] target, int at, int length) throws IOException {
    int count = source.read(ByteBuffer.wrap(target, at, length));
    return count == 0 && length > 0 ? -1 : count;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
