package io.diskwright.target;

import io.diskwright.vhd.VhdFooter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be written. */
public enum TargetFormat {
  /** The disk's bytes and nothing else. */
  RAW("raw", "", 1, Long.MAX_VALUE),
  /**
   * A fixed VHD: the disk's bytes and a footer; sizes in whole MiB, as every importer wants them.
   */
  VHD("vhd", "fixed", 1 << 20, 2040L << 30),
  /** A dynamic VHD: only the blocks that hold data. */
  DYNAMIC_VHD("vhd", "dynamic", 1 << 20, 2040L << 30),
  /** A qcow2 of version 3, its clusters compressed or not. */
  QCOW2("qcow2", "v3", 1 << 20, 64L << 40);

  private final String label;
  private final String subformat;
  private final long sizeMultiple;
  private final long maximumSize;

  TargetFormat(String label, String subformat, long sizeMultiple, long maximumSize) {
    this.label = label;
    this.subformat = subformat;
    this.sizeMultiple = sizeMultiple;
    this.maximumSize = maximumSize;
  }

  /**
   * The format with the given name, in any case.
   *
   * @param subformat which kind of it; empty for the one that is listed first
   * @throws IllegalArgumentException when there is none
   */
  public static TargetFormat named(String label, String subformat) {
    return Arrays.stream(values())
        .filter(f -> f.label.equals(label.toLowerCase(Locale.ROOT)))
        .filter(f -> subformat.isEmpty() || f.subformat.equals(subformat))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "cannot write "
                    + (subformat + " " + label).strip()
                    + "; there is "
                    + Arrays.stream(values())
                        .map(f -> (f.subformat + " " + f.label).strip())
                        .collect(Collectors.joining(", "))));
  }

  /** The name as users write it; also the file name's suffix. */
  public String label() {
    return label;
  }

  /** The format's own word for what is written, empty for RAW. */
  public String subformat() {
    return subformat;
  }

  /** The format in words: {@code RAW}, {@code fixed VHD}, {@code qcow2 v3}. */
  public String title() {
    return switch (this) {
      case RAW -> "RAW";
      case VHD, DYNAMIC_VHD -> subformat + " VHD";
      case QCOW2 -> label + " " + subformat;
    };
  }

  /** Virtual sizes are multiples of this many bytes. */
  public long sizeMultiple() {
    return sizeMultiple;
  }

  /** The largest virtual size in bytes. */
  public long maximumSize() {
    return maximumSize;
  }

  /** Whether the output is the disk's bytes from offset 0 and a trailer. */
  public boolean plain() {
    return switch (this) {
      case RAW, VHD -> true;
      case DYNAMIC_VHD, QCOW2 -> false;
    };
  }

  /** Whether an output that was cut off can be gone on with. */
  public boolean resumable() {
    return switch (this) {
      case RAW, VHD, DYNAMIC_VHD -> true;
      case QCOW2 -> false;
    };
  }

  /** What follows the disk's bytes, when they are {@link #plain}. */
  byte[] trailer(long virtualSize, Stamp stamp) {
    return switch (this) {
      case RAW -> new byte[0];
      case VHD -> VhdFooter.fixed(virtualSize, stamp.id(), stamp.time()).encode();
      case DYNAMIC_VHD, QCOW2 -> throw new IllegalStateException(name());
    };
  }
}
