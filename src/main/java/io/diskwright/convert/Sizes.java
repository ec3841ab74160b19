package io.diskwright.convert;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write and read them. */
public final class Sizes {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,19})([bkmgtpe]?)(i?b)?");
  private static final String UNITS = "bkmgtpe";

  private Sizes() {}

  /**
   * Reads a size: digits and an optional binary unit K, M, G, T, P, E.
   *
   * @return bytes, above 0
   * @throws IllegalArgumentException when it is none, or does not fit in 63 bits
   */
  public static long parse(String text) {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no size; write 60G, 61440M or plain bytes");
    }
    try {
      int unit = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2));
      long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * unit));
      if (bytes > 0) {
        return bytes;
      }
      throw new IllegalArgumentException("a size must be above 0");
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is more than any disk can hold", e);
    }
  }

  /** The size for people: {@code 40 GiB}, {@code 1.5 GiB}, {@code 512 bytes}. */
  public static String human(long bytes) {
    if (bytes < 1024) {
      return bytes + " bytes";
    }
    int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    double value = (double) bytes / (1L << (10 * unit));
    String digits = String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    return digits + " " + Character.toUpperCase(UNITS.charAt(unit)) + "iB";
  }

  /** The exact number and the size for people: {@code 42949672960 bytes (40 GiB)}. */
  public static String exact(long bytes) {
    return bytes < 1024 ? human(bytes) : bytes + " bytes (" + human(bytes) + ")";
  }
}
