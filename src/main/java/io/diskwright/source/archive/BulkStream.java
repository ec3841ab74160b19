package io.diskwright.source.archive;

import java.io.IOException;
import java.io.InputStream;

/** A stream that is only ever read in bulk. */
abstract class BulkStream extends InputStream {

  @Override
  public abstract int read(byte[] target, int at, int length) throws IOException;

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }
}
