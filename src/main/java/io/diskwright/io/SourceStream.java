package io.diskwright.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A source read from its start to its end. For one thread; closing it closes the source. */
final class SourceStream extends InputStream {

  private final ByteSource source;
  private long position;

  SourceStream(ByteSource source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position >= source.size()) {
      return -1;
    }
    int count = (int) Math.min(length, source.size() - position);
    source.read(position, ByteBuffer.wrap(target, offset, count));
    position += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
