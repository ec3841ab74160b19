package io.diskwright.guest.kernel;

import java.io.IOException;
import java.io.InputStream;

/** What is unpacked block by block. For one thread. */
abstract class BlockInputStream extends InputStream {

  private byte[] block = new byte[0];
  private int at;
  private int end;

  /** The next block, which {@link #give} takes; false at the end. */
  abstract boolean next() throws IOException;

  /** Sets what is read next. */
  final void give(byte[] bytes, int length) {
    block = bytes;
    at = 0;
    end = length;
  }

  private boolean fill() throws IOException {
    while (at == end) {
      if (!next()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int read() throws IOException {
    return fill() ? block[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, end - at);
    System.arraycopy(block, at, target, offset, count);
    at += count;
    return count;
  }
}
