package io.diskwright.source.compressed;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.SeekableInputStream;

/**
 * A source as the xz library wants it: with a position, buffered, and with a memory of what failed
 * beneath, so that it is not taken for damage of the file. For one thread; closing it does nothing.
 */
final class XzInput extends SeekableInputStream {

  private static final int SIZE = 1 << 16;

  private final ByteSource source;
  private final ByteBuffer buffer = ByteBuffer.allocate(SIZE).limit(0);
  private long bufferStart;
  private @Nullable IOException failure;

  XzInput(ByteSource source) {
    this.source = source;
  }

  /** Says what the library's failure means; the parameters are those of {@link Refusal#of}. */
  IOException refusal(String structure, long offset, Throwable e) {
    return failure != null ? failure : Refusal.of(source.describe(), structure, offset, e);
  }

  @Override
  public int read() throws IOException {
    return fill() ? Byte.toUnsignedInt(buffer.get()) : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(target, offset, count);
    return count;
  }

  @Override
  public long length() {
    return source.size();
  }

  @Override
  public long position() {
    return bufferStart + buffer.position();
  }

  @Override
  public void seek(long position) {
    if (position >= bufferStart && position - bufferStart <= buffer.limit()) {
      buffer.position((int) (position - bufferStart));
    } else {
      bufferStart = position;
      buffer.position(0).limit(0);
    }
  }

  private boolean fill() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    long position = position();
    if (position >= source.size()) {
      return false;
    }
    bufferStart = position;
    buffer.clear().limit((int) Math.min(SIZE, source.size() - position));
    try {
      source.read(position, buffer);
      buffer.flip();
      return true;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }
}
