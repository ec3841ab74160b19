package io.diskwright.source.archive;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The units in which an OVF states a capacity: {@code byte * 2^30} as DMTF's programmatic units
 * have it, or words as {@code MegaBytes}.
 */
final class AllocationUnits {

  private static final Pattern FACTOR = Pattern.compile("(\\d{1,18})(?:\\^(\\d{1,2}))?");

  private AllocationUnits() {}

  /**
   * The bytes of one unit.
   *
   * @return empty when it is no unit of bytes, or one of 2^63 bytes or more
   */
  static OptionalLong bytes(String units) {
    String text = units.strip().toLowerCase(Locale.ROOT);
    OptionalLong word = word(text);
    if (word.isPresent()) {
      return word;
    }
    String[] parts = text.split("\\*", -1);
    OptionalLong product = word(parts[0].strip());
    for (int i = 1; i < parts.length && product.isPresent(); i++) {
      Matcher factor = FACTOR.matcher(parts[i].strip());
      product =
          factor.matches()
              ? times(product.getAsLong(), power(factor.group(1), factor.group(2)))
              : OptionalLong.empty();
    }
    return product;
  }

  private static OptionalLong word(String text) {
    return switch (text) {
      case "", "byte", "bytes" -> OptionalLong.of(1);
      case "kilobyte", "kilobytes", "kb" -> OptionalLong.of(1L << 10);
      case "megabyte", "megabytes", "mb" -> OptionalLong.of(1L << 20);
      case "gigabyte", "gigabytes", "gb" -> OptionalLong.of(1L << 30);
      case "terabyte", "terabytes", "tb" -> OptionalLong.of(1L << 40);
      default -> OptionalLong.empty();
    };
  }

  private static OptionalLong power(String base, String exponent) {
    OptionalLong result = OptionalLong.of(1);
    int times = exponent == null ? 1 : Integer.parseInt(exponent);
    for (int i = 0; i < times && result.isPresent(); i++) {
      result = times(result.getAsLong(), OptionalLong.of(Long.parseLong(base)));
    }
    return result;
  }

  /** The product, or empty when it is 2^63 or more. */
  static OptionalLong times(long a, OptionalLong b) {
    if (b.isEmpty()) {
      return b;
    }
    return Math.multiplyHigh(a, b.getAsLong()) == 0 && a * b.getAsLong() >= 0
        ? OptionalLong.of(a * b.getAsLong())
        : OptionalLong.empty();
  }
}
