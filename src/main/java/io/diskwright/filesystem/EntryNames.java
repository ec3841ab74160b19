package io.diskwright.filesystem;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Names of filesystems that keep them as bytes, as text and back without loss: what is not UTF-8
 * becomes lone surrogates from U+DC80 to U+DCFF, one a byte, as Python's {@code surrogateescape}
 * does it.
 */
public final class EntryNames {

  private static final int ESCAPE = 0xdc00;

  private EntryNames() {}

  /** The text of a name or a link's target. */
  public static String decode(byte[] bytes) {
    if (isAscii(bytes)) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE | Byte.toUnsignedInt(in.get())));
      }
      decoder.reset();
    }
  }

  /** The bytes that {@link #decode} made this text of; other lone surrogates become WTF-8. */
  public static byte[] encode(String name) {
    var bytes = new ByteArrayOutputStream(name.length());
    int at = 0;
    while (at < name.length()) {
      int c = name.codePointAt(at);
      if (c >= ESCAPE + 0x80 && c <= ESCAPE + 0xff) {
        bytes.write(c & 0xff);
      } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        bytes.write(0xe0 | c >> 12);
        bytes.write(0x80 | c >> 6 & 0x3f);
        bytes.write(0x80 | c & 0x3f);
      } else {
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
      at += Character.charCount(c);
    }
    return bytes.toByteArray();
  }

  /** Whether no path could hold the name: it is empty, or has a slash or a NUL in it. */
  public static boolean isImpossible(String name) {
    return name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0;
  }

  /**
   * Checks a name read from a directory.
   *
   * @param at where the name lies in the view, for the message
   * @throws CorruptImage when no path could hold it
   */
  public static String checked(String name, ByteView view, int at) throws CorruptImage {
    if (isImpossible(name)) {
      throw view.corrupt(
          "name", at, "'" + Fault.printable(name) + "'", "a name without a slash or a NUL");
    }
    return name;
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }
}
