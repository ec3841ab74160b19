package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.Locale;

/** Labels and identifiers in the form blkid prints them. */
final class Labels {

  private static final HexFormat HEX = HexFormat.of();

  private Labels() {}

  /** A label: up to its first NUL, without blanks at its end. */
  static String label(ByteView view, int at, int length, Charset charset) throws CorruptImage {
    return view.text(at, length, charset).stripTrailing();
  }

  /** A UUID whose 16 bytes lie in the order they are printed; empty when all are zero. */
  static String uuid(ByteView view, int at) throws CorruptImage {
    return view.isZero(at, 16) ? "" : uuid(view.bytes(at, 16));
  }

  /** 16 bytes in the order they are printed. */
  static String uuid(byte[] bytes) {
    return String.join(
        "-",
        HEX.formatHex(bytes, 0, 4),
        HEX.formatHex(bytes, 4, 6),
        HEX.formatHex(bytes, 6, 8),
        HEX.formatHex(bytes, 8, 10),
        HEX.formatHex(bytes, 10, 16));
  }

  /** A 32-bit serial number as DOS prints it; empty when it is zero. */
  static String serial(long number) {
    return number == 0
        ? ""
        : String.format(Locale.ROOT, "%04X-%04X", number >>> 16, number & 0xFFFF);
  }

  /** Whether a number is a power of two of the range. */
  static boolean powerOfTwo(long value, long min, long max) {
    return value >= min && value <= max && Long.bitCount(value) == 1;
  }
}
