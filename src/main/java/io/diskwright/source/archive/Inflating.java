package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A raw deflate stream, taken from a source up to its last byte and not one further, so that what
 * follows can be read. Closing it leaves the source open.
 */
final class Inflating extends BulkStream {

  private static final int CHUNK = 1 << 15;
  private static final String STREAM = "deflate stream";

  private final ForwardSource source;
  private final Inflater inflater = new Inflater(true);
  private final long limit;
  private long consumed;
  private int input;
  private boolean ended;

  /**
   * @param limit bytes that the stream takes at most
   */
  Inflating(ForwardSource source, long limit) {
    this.source = source;
    this.limit = limit;
  }

  /** Packed bytes that were read. */
  long consumed() {
    return consumed;
  }

  /** Throws a plain IOException for damaged data. */
  @Override
  public int read(byte[] target, int at, int length) throws IOException {
    if (length == 0 || ended) {
      return length == 0 ? 0 : -1;
    }
    try {
      while (true) {
        int count = inflater.inflate(target, at, length);
        if (count > 0) {
          return count;
        }
        if (inflater.finished()) {
          ended = true;
          take(input - inflater.getRemaining());
          inflater.end();
          return -1;
        }
        if (inflater.needsDictionary()) {
          throw new DamagedException("a preset dictionary is needed");
        }
        feed();
      }
    } catch (DataFormatException e) {
      throw new DamagedException(String.valueOf(e.getMessage()));
    }
  }

  /** Data that is no deflate stream. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
      super(message);
    }
  }

  private void feed() throws IOException {
    take(input);
    int wanted = (int) Math.min(CHUNK, limit - consumed);
    ByteView view = source.peek(STREAM, wanted, ByteOrder.LITTLE_ENDIAN);
    input = view.length();
    if (input == 0) {
      throw new DamagedException("it ends early");
    }
    inflater.setInput(view.bytes(0, input));
  }

  /** What was only looked at is taken when the inflater has shown that it is the stream's. */
  private void take(int count) throws IOException {
    source.skip(STREAM, count);
    consumed += count;
    input = 0;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
