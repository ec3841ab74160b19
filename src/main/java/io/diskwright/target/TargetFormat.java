package io.diskwright.target;

import io.diskwright.vhd.VhdFooter;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * What can be written. Each is the disk's bytes from offset 0, followed by a trailer or nothing.
 */
public enum TargetFormat {
  /** The disk's bytes and nothing else. */
  RAW("", 1, Long.MAX_VALUE),
  /**
   * A fixed VHD: the disk's bytes and a footer; sizes in whole MiB, as every importer wants them.
   */
  VHD("fixed", 1 << 20, 2040L << 30);

  private final String subformat;
  private final long sizeMultiple;
  private final long maximumSize;

  TargetFormat(String subformat, long sizeMultiple, long maximumSize) {
    this.subformat = subformat;
    this.sizeMultiple = sizeMultiple;
    this.maximumSize = maximumSize;
  }

  /** The format with the given name, in any case. */
  public static TargetFormat named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** The name as users write it; also the file name's suffix. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format's own word for what is written, empty for RAW. */
  public String subformat() {
    return subformat;
  }

  /** Virtual sizes are multiples of this many bytes. */
  public long sizeMultiple() {
    return sizeMultiple;
  }

  /** The largest virtual size in bytes. */
  public long maximumSize() {
    return maximumSize;
  }

  /** What follows the disk's bytes in the file. */
  byte[] trailer(long virtualSize) {
    return switch (this) {
      case RAW -> new byte[0];
      case VHD -> VhdFooter.fixed(virtualSize, UUID.randomUUID(), Instant.now()).encode();
    };
  }
}
