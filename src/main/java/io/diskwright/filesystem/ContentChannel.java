package io.diskwright.filesystem;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A file's content with a position. Safe for any thread, as channels are. */
final class ContentChannel implements SeekableByteChannel {

  private final ByteSource content;
  private long position;
  private boolean closed;

  ContentChannel(ByteSource content) {
    this.content = content;
  }

  @Override
  public synchronized int read(ByteBuffer target) throws IOException {
    checkOpen();
    long left = content.size() - position;
    if (left <= 0) {
      return -1;
    }
    int length = (int) Math.min(left, target.remaining());
    int limit = target.limit();
    target.limit(target.position() + length);
    try {
      content.read(position, target);
    } finally {
      target.limit(limit);
    }
    position += length;
    return length;
  }

  @Override
  public synchronized long position() throws IOException {
    checkOpen();
    return position;
  }

  @Override
  public synchronized SeekableByteChannel position(long newPosition) throws IOException {
    checkOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition);
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return content.size();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private synchronized void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }
}
