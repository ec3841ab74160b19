package io.diskwright.io;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Bytes that come once and in order: standard input, what a decompressor yields, a member of an
 * archive that is itself compressed. For one thread.
 *
 * <p>Reaching the end means more than the last byte: by then the stream behind has checked whatever
 * its wrappers promise (checksums, a manifest, what follows in the archive), or has thrown. Whoever
 * needs the bytes to be right reads to the end.
 */
public final class ForwardSource implements Closeable {

  /** How far ahead {@link #peek} can look, in bytes. */
  public static final int MAX_PEEK = 1 << 16;

  private final String name;
  private final BufferedInputStream stream;
  private long position;

  /**
   * @param name the name used in messages
   * @param stream throws {@link ImageException} for damaged content; closed with this
   */
  public ForwardSource(String name, InputStream stream) {
    this.name = name;
    this.stream = new BufferedInputStream(stream, MAX_PEEK);
  }

  /**
   * A source from its start to its end.
   *
   * @param source closed with the result
   */
  public static ForwardSource of(ByteSource source) {
    return new ForwardSource(source.describe(), new SourceStream(source));
  }

  /** The name used in messages. */
  public String describe() {
    return name;
  }

  /** Bytes read so far. */
  public long position() {
    return position;
  }

  /**
   * The next bytes, without taking them: {@code length} of them, or all that there are.
   *
   * @param structure their name, for messages
   * @param length up to {@link #MAX_PEEK}
   */
  public ByteView peek(String structure, int length, ByteOrder order) throws IOException {
    if (length < 0 || length > MAX_PEEK) {
      throw new IllegalArgumentException("peek of " + length);
    }
    stream.mark(length);
    byte[] bytes = stream.readNBytes(length);
    stream.reset();
    return new ByteView(ByteBuffer.wrap(bytes), order, name, structure, position);
  }

  /**
   * Fills the remaining space of {@code target}, or as much of it as there is.
   *
   * @return bytes read; fewer than asked for, down to 0, only at the end
   */
  public int read(ByteBuffer target) throws IOException {
    int count;
    if (target.hasArray()) {
      int at = target.arrayOffset() + target.position();
      count = stream.readNBytes(target.array(), at, target.remaining());
      target.position(target.position() + count);
    } else {
      byte[] bytes = stream.readNBytes(target.remaining());
      target.put(bytes);
      count = bytes.length;
    }
    position += count;
    return count;
  }

  /**
   * Reads a structure.
   *
   * @param structure its name, for messages
   * @param length bytes; the caller has bounded it
   * @throws CorruptImage when the stream ends inside it
   */
  public ByteView view(String structure, int length, ByteOrder order) throws IOException {
    long start = position;
    byte[] bytes = stream.readNBytes(length);
    position += bytes.length;
    if (bytes.length < length) {
      throw new CorruptImage(
          name,
          structure,
          start,
          Fault.number(bytes.length) + " bytes, then the end",
          Fault.number(length) + " bytes",
          "The file is truncated or damaged; copy or download it again");
    }
    return new ByteView(ByteBuffer.wrap(bytes), order, name, structure, start);
  }

  /**
   * Passes over bytes.
   *
   * @throws CorruptImage when the stream ends before
   */
  public void skip(String structure, long length) throws IOException {
    long start = position;
    byte[] scrap = new byte[(int) Math.min(length, MAX_PEEK)];
    for (long left = length; left > 0; ) {
      int count = stream.readNBytes(scrap, 0, (int) Math.min(scrap.length, left));
      if (count == 0) {
        throw new CorruptImage(
            name,
            structure,
            start,
            Fault.number(length - left) + " bytes, then the end",
            Fault.number(length) + " bytes",
            "The file is truncated or damaged; copy or download it again");
      }
      left -= count;
      position += count;
    }
  }

  /** What is left, as a stream; closing it closes this. */
  public InputStream asStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        int next = stream.read();
        position += next < 0 ? 0 : 1;
        return next;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = stream.read(target, offset, length);
        position += Math.max(0, count);
        return count;
      }

      @Override
      public int available() throws IOException {
        return stream.available();
      }

      @Override
      public void close() throws IOException {
        ForwardSource.this.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
