package io.diskwright.source.compressed;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The compressed bytes as decoders want them: buffered, with the position of the next one, and with
 * a memory of what failed beneath, so that it is not taken for damage of the stream. Its bytes are
 * little-endian. For one thread.
 */
final class CompressedInput extends InputStream {

  /** The most that can be peeked at, in bytes. */
  private static final int SIZE = 1 << 17;

  private final ForwardSource source;
  private final byte[] buffer = new byte[SIZE];
  private int at;
  private int limit;
  private boolean ended;
  private @Nullable IOException failure;

  /**
   * @param source closed with this
   */
  CompressedInput(ForwardSource source) {
    this.source = source;
  }

  /** The name of the compressed file. */
  String name() {
    return source.describe();
  }

  /** Where the next byte lies, in bytes from the start of the compressed file. */
  long position() {
    return source.position() - (limit - at);
  }

  /** Whether all bytes were taken and no more follow, as far as was read. */
  boolean ended() {
    return ended && at == limit;
  }

  /** What reading the bytes failed with; null when it did not. */
  @Nullable IOException failure() {
    return failure;
  }

  /** The next bytes, without taking them: {@code length} of them, or all that there are. */
  ByteView peek(String structure, int length) throws IOException {
    require(length);
    return view(structure, Math.min(length, limit - at));
  }

  /**
   * A structure, taken.
   *
   * @throws CorruptImage when the file ends inside it
   */
  ByteView take(String structure, int length) throws IOException {
    if (!require(length)) {
      throw truncated(structure);
    }
    ByteView view = view(structure, length);
    at += length;
    return view;
  }

  /** Fills the start of {@code target}; the other parameters are those of {@link #take}. */
  void take(String structure, byte[] target, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int count = read(target, done, length - done);
      if (count < 0) {
        throw truncated(structure);
      }
      done += count;
    }
  }

  /** Passes over bytes; the parameters are those of {@link #take}. */
  void skip(String structure, long length) throws IOException {
    long left = length;
    while (left > 0) {
      int step = (int) Math.min(left, more(structure).remaining());
      at += step;
      left -= step;
    }
  }

  /** The next bytes, as many as are at hand; none at the end. {@link #took} takes them. */
  ByteBuffer more() throws IOException {
    require(1);
    return ByteBuffer.wrap(buffer, at, limit - at);
  }

  /**
   * The same where bytes must follow.
   *
   * @throws CorruptImage when the file has ended
   */
  ByteBuffer more(String structure) throws IOException {
    ByteBuffer bytes = more();
    if (!bytes.hasRemaining()) {
      throw truncated(structure);
    }
    return bytes;
  }

  /** Takes the first bytes of what {@link #more} returned last. */
  void took(int count) {
    at += count;
  }

  @Override
  public int read() throws IOException {
    return at < limit || require(1) ? Byte.toUnsignedInt(buffer[at++]) : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!require(1)) {
      return -1;
    }
    int count = Math.min(length, limit - at);
    System.arraycopy(buffer, at, target, offset, count);
    at += count;
    return count;
  }

  /** Refuses a structure that the file ends in. */
  CorruptImage truncated(String structure) {
    return new CorruptImage(
        name(),
        structure,
        source.position(),
        "the end of the file",
        "the rest of the stream",
        "The file is truncated; copy or download it again");
  }

  /** Refuses a structure. */
  CorruptImage corrupt(String structure, long offset, String found, String allowed) {
    return new CorruptImage(
        name(), structure, offset, found, allowed, "Copy or download the file again");
  }

  /** Refuses what follows the last member, stream or frame. */
  CorruptImage garbage(String structure, String allowed) {
    return new CorruptImage(
        name(),
        structure,
        position(),
        "bytes that are none",
        allowed,
        "Copy or download the file again; if something was appended to it, cut it off there");
  }

  private ByteView view(String structure, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length).put(buffer, at, length).flip();
    return new ByteView(bytes, ByteOrder.LITTLE_ENDIAN, name(), structure, position());
  }

  /** Has that many bytes at hand; false when there are not so many. */
  private boolean require(int count) throws IOException {
    if (limit - at >= count) {
      return true;
    }
    if (ended) {
      return false;
    }
    System.arraycopy(buffer, at, buffer, 0, limit - at);
    limit -= at;
    at = 0;
    try {
      ByteBuffer rest = ByteBuffer.wrap(buffer, limit, SIZE - limit);
      ended = source.read(rest) < SIZE - limit;
      limit = rest.position();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    return limit >= count;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
