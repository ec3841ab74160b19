package io.diskwright.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A bounds-checked window over bytes already read. Leaving it is a {@link CorruptImage} that names
 * the structure, never an index exception. Positions are bytes from the start of the window.
 */
public final class ByteView {

  private final ByteBuffer bytes;
  private final String source;
  private final String structure;
  private final long offset;

  /**
   * Views the remaining bytes of a buffer, which the caller leaves alone from now on.
   *
   * @param source what the bytes were read from, for messages
   * @param structure what they are, for messages
   * @param offset where they were read, bytes from the start of the source
   */
  public ByteView(ByteBuffer bytes, ByteOrder order, String source, String structure, long offset) {
    this.bytes = bytes.slice().order(order);
    this.source = source;
    this.structure = structure;
    this.offset = offset;
  }

  /** The window's length in bytes. */
  public int length() {
    return bytes.limit();
  }

  /** Where the window starts in its source, in bytes. */
  public long offset() {
    return offset;
  }

  /** A window of no bytes at the same place. */
  public ByteView empty() {
    return new ByteView(ByteBuffer.allocate(0), bytes.order(), source, structure, offset);
  }

  /** What the bytes were read from. */
  public String source() {
    return source;
  }

  /** An unsigned byte. */
  public int u8(int at) throws CorruptImage {
    check(at, 1);
    return Byte.toUnsignedInt(bytes.get(at));
  }

  /** An unsigned 16-bit number. */
  public int u16(int at) throws CorruptImage {
    check(at, 2);
    return Short.toUnsignedInt(bytes.getShort(at));
  }

  /** An unsigned 32-bit number. */
  public long u32(int at) throws CorruptImage {
    check(at, 4);
    return Integer.toUnsignedLong(bytes.getInt(at));
  }

  /** 64 bits as they stand; the caller treats a negative value as one above 2^63. */
  public long u64(int at) throws CorruptImage {
    check(at, 8);
    return bytes.getLong(at);
  }

  /** A copy of {@code length} bytes. */
  public byte[] bytes(int at, int length) throws CorruptImage {
    check(at, length);
    byte[] copy = new byte[length];
    bytes.get(at, copy);
    return copy;
  }

  /** Text of a fixed field, up to its first NUL. */
  public String text(int at, int length, Charset charset) throws CorruptImage {
    byte[] field = bytes(at, length);
    String text = new String(field, charset);
    int nul = text.indexOf('\0');
    return nul < 0 ? text : text.substring(0, nul);
  }

  /**
   * The name of another file, which must not be guessed at.
   *
   * @throws UnsafeReference when it is not UTF-8
   */
  public String fileName(int at, int length) throws ImageException {
    byte[] name = bytes(at, length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      throw new UnsafeReference(
          source,
          structure,
          offset + at,
          "'" + new String(name, StandardCharsets.UTF_8) + "'",
          "a name in UTF-8",
          "Rename the file and let the image name it anew");
    }
  }

  /**
   * Whether the bytes from {@code at} on are these ASCII characters; false when they do not fit.
   */
  public boolean startsWith(int at, String ascii) {
    byte[] expected = ascii.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || expected.length > bytes.limit() - at) {
      return false;
    }
    byte[] actual = new byte[expected.length];
    bytes.get(at, actual);
    return Arrays.equals(actual, expected);
  }

  /** Whether every byte of the range is zero. */
  public boolean isZero(int at, int length) throws CorruptImage {
    check(at, length);
    for (int i = at; i < at + length; i++) {
      if (bytes.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Refuses a field's value. */
  public CorruptImage corrupt(String field, int at, String found, String allowed) {
    return new CorruptImage(source, structure + " " + field, offset + at, found, allowed);
  }

  /** Refuses a field whose value diskwright does not read. */
  public UnsupportedFeature unsupported(String field, int at, String found, String allowed) {
    return new UnsupportedFeature(source, structure + " " + field, offset + at, found, allowed);
  }

  /** Refuses a field's claim. */
  public LimitExceeded tooLarge(String field, int at, String found, String allowed) {
    return new LimitExceeded(source, structure + " " + field, offset + at, found, allowed);
  }

  private void check(int at, int length) throws CorruptImage {
    if (at < 0 || length < 0 || at > bytes.limit() || length > bytes.limit() - at) {
      throw new CorruptImage(
          source,
          structure,
          offset + at,
          length + " bytes wanted",
          "inside the structure's " + bytes.limit() + " bytes");
    }
  }
}
