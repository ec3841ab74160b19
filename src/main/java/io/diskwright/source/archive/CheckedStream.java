package io.diskwright.source.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Content that ends only when it is what was promised. */
final class CheckedStream extends FilterInputStream {

  private final String name;
  private final List<Promise> promises;
  private final Digester digester;
  private boolean verified;

  /**
   * @param name of the content, for messages
   */
  CheckedStream(InputStream content, String name, List<Promise> promises) {
    super(content);
    this.name = name;
    this.promises = promises;
    this.digester = new Digester(PromiseCheck.digests(promises));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int at, int length) throws IOException {
    int count = super.read(target, at, length);
    if (count > 0) {
      digester.update(target, at, count);
    } else if (count < 0 && !verified) {
      PromiseCheck.verify(promises, digester, name);
      verified = true;
    }
    return count;
  }
}
