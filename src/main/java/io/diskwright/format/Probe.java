package io.diskwright.format;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * The first and last bytes of a file, by which formats recognise themselves.
 *
 * @param head the first bytes, up to 64 KiB
 * @param tail the last bytes, up to 1,024; overlaps {@code head} in a small file
 * @param size the file's length in bytes; the largest number while a stream has not told it
 */
public record Probe(ByteView head, ByteView tail, long size) {

  private static final int HEAD = 1 << 16;
  private static final int TAIL = 1024;

  /** Reads what probing needs of a source. */
  public static Probe of(ByteSource source) throws IOException {
    long size = source.size();
    int head = (int) Math.min(HEAD, size);
    int tail = (int) Math.min(TAIL, size);
    return new Probe(
        source.view("head", 0, head, ByteOrder.BIG_ENDIAN),
        source.view("tail", size - tail, tail, ByteOrder.BIG_ENDIAN),
        size);
  }

  /** Looks at what probing needs of a stream and takes nothing; a footer is not seen. */
  static Probe of(ForwardSource source) throws IOException {
    ByteView head = source.peek("head", HEAD, ByteOrder.BIG_ENDIAN);
    return new Probe(head, head.empty(), head.length() < HEAD ? head.length() : Long.MAX_VALUE);
  }

  /** Whether the format recognises the file by its first bytes, not by a footer at its end. */
  boolean startsWithContainer(ImageFormat format) throws IOException {
    return format.recognises(new Probe(head, tail.empty(), size));
  }

  /** Whether the bytes {@code fromEnd} before the end of the file are these ASCII characters. */
  public boolean endsWith(int fromEnd, String ascii) {
    return tail.startsWith(tail.length() - fromEnd, ascii);
  }
}
