package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.nio.charset.StandardCharsets;

/** The numbers in tar headers: octal digits, or base 256 where those would not do. */
final class TarNumber {

  private TarNumber() {}

  /**
   * Reads a number's field.
   *
   * @return from 0 to 2^63 - 1; 0 for an empty field
   * @throws CorruptImage when it is no such number
   */
  static long parse(ByteView view, String field, int at, int length) throws CorruptImage {
    return (view.u8(at) & 0x80) == 0
        ? octal(view, field, at, length)
        : base256(view, field, at, length);
  }

  private static long octal(ByteView view, String field, int at, int length) throws CorruptImage {
    String text = new String(view.bytes(at, length), StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    String digits = (end < 0 ? text : text.substring(0, end)).strip();
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 7) {
        throw view.corrupt(field, at, "'" + Fault.printable(digits) + "'", "an octal number");
      }
      value = value << 3 | digit; // 12 digits have 36 bits
    }
    return value;
  }

  private static long base256(ByteView view, String field, int at, int length) throws CorruptImage {
    int first = view.u8(at);
    if ((first & 0x40) != 0) {
      throw view.corrupt(field, at, "a negative number", "0 or above");
    }
    long value = first & 0x3F;
    for (int i = 1; i < length; i++) {
      if (value > Long.MAX_VALUE >> 8) {
        throw view.corrupt(field, at, "a number of 2^63 or above", "below 2^63");
      }
      value = value << 8 | view.u8(at + i);
    }
    return value;
  }
}
