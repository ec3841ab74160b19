package io.diskwright.format;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.ByteView;
import java.io.IOException;

/**
 * Files that are an image by their first bytes and a plain disk by what stands behind them: the
 * work of a guest that writes a header into its own disk, or of somebody who wants two programs to
 * see two things.
 */
final class Polyglot {

  private static final int BOOT_SIGNATURE_AT = 510;
  private static final int BOOT_SIGNATURE = 0x55aa;
  private static final int VOLUME_DESCRIPTOR_AT = 32769;
  private static final String VOLUME_DESCRIPTOR = "CD001";

  private Polyglot() {}

  /**
   * Refuses such a file.
   *
   * @param format what it was recognised as
   * @param name what messages call the file
   */
  static void refuse(Probe probe, ImageFormat format, String name) throws IOException {
    if (!probe.startsWithContainer(format)) {
      return; // by a footer: what comes before it is the disk's own
    }
    ByteView head = probe.head();
    if (head.startsWith(VOLUME_DESCRIPTOR_AT, VOLUME_DESCRIPTOR)) {
      throw ambiguous(format, name, VOLUME_DESCRIPTOR_AT, "an ISO 9660 volume");
    }
    // Formats leave zeros there; a descriptor of text may have letters.
    if (head.length() >= BOOT_SIGNATURE_AT + 2
        && head.u16(BOOT_SIGNATURE_AT) == BOOT_SIGNATURE
        && !head.startsWith(0, "#")) {
      throw ambiguous(format, name, BOOT_SIGNATURE_AT, "a boot sector");
    }
  }

  private static AmbiguousImage ambiguous(ImageFormat format, String name, int at, String other) {
    return new AmbiguousImage(
        name,
        "content",
        at,
        "signatures of " + format.name() + " and of " + other,
        "one of them",
        "A guest can write such a signature into its own disk; say which it is with --from "
            + format.name()
            + " or --from raw");
  }
}
