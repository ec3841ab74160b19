package io.diskwright.io;

import java.util.Locale;

/**
 * Where something in an image is wrong, what stands there, what may stand there, and what to do.
 *
 * @param source the bytes it was found in, as {@link ByteSource#describe()} names them
 * @param structure the on-disk structure or field, in the format's own terms
 * @param offset bytes from the start of {@code source}, or {@link #NOWHERE} when no single place is
 *     at fault
 * @param found what stands there
 * @param allowed what may stand there
 * @param remedy what the user can do about it
 */
public record Fault(
    String source, String structure, long offset, String found, String allowed, String remedy) {

  /** The offset of a fault that has no single place. */
  public static final long NOWHERE = -1;

  /**
   * One line; control characters from hostile names are shown escaped, so none can forge a line.
   */
  public String message() {
    var text = new StringBuilder(source).append(": ").append(structure);
    if (offset != NOWHERE) {
      text.append(String.format(Locale.ROOT, " at offset 0x%x", offset));
    }
    text.append(": found ").append(found);
    if (!allowed.isEmpty()) {
      text.append(", allowed: ").append(allowed);
    }
    if (!remedy.isEmpty()) {
      text.append(". ").append(remedy);
    }
    return printable(text.toString());
  }

  /**
   * The text with control and formatting characters replaced by {@code \\xNN} or {@code \\uNNNN}.
   */
  public static String printable(String text) {
    var result = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          int type = Character.getType(c);
          if (type == Character.CONTROL || type == Character.FORMAT || c == 0x2028 || c == 0x2029) {
            result.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : "\\u%04x", c));
          } else {
            result.appendCodePoint(c);
          }
        });
    return result.toString();
  }

  /** A number as both people and hex editors want it: {@code 4096 (0x1000)}. */
  public static String number(long value) {
    return value >= 0 && value < 10
        ? Long.toString(value)
        : String.format(Locale.ROOT, "%s (0x%x)", Long.toUnsignedString(value), value);
  }
}
