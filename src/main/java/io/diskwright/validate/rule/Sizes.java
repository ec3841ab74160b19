package io.diskwright.validate.rule;

import java.util.Locale;

/** Sizes as people and machines want them. */
final class Sizes {

  static final long MIB = 1L << 20;
  static final long GIB = 1L << 30;

  private Sizes() {}

  /** {@code 42949672960 bytes (40 GiB)}. */
  static String bytes(long bytes) {
    return bytes
        + (bytes == 1 ? " byte" : " bytes")
        + (bytes < 1024 ? "" : " (" + binary(bytes) + ")");
  }

  /** {@code 40 GiB}, {@code 37.25 GiB}, {@code 512 KiB}. */
  static String binary(long bytes) {
    return bytes >= GIB
        ? scaled(bytes, GIB, "GiB")
        : bytes >= MIB ? scaled(bytes, MIB, "MiB") : scaled(bytes, 1024, "KiB");
  }

  /** {@code 40 GB}, {@code 42.95 GB}. */
  static String decimal(long bytes) {
    return scaled(bytes, 1_000_000_000, "GB");
  }

  private static String scaled(long bytes, long unit, String name) {
    return bytes % unit == 0
        ? bytes / unit + " " + name
        : String.format(Locale.ROOT, "%.2f %s", (double) bytes / unit, name);
  }
}
