package io.diskwright.format.vdi;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.Probe;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import java.io.IOException;

/**
 * VDI, the format of VirtualBox: normal (dynamic), fixed (static) and differencing images of
 * version 1.1.
 */
public final class VdiFormat implements ImageFormat {

  private static final String SIGNATURE = "\u007f\u0010\u00da\u00be";
  private static final int BOOT_SIGNATURE_AT = 510;
  private static final String BOOT_SIGNATURE = "U\u00aa";

  @Override
  public String name() {
    return "vdi";
  }

  /**
   * Whether the signature is there.
   *
   * @throws AmbiguousImage when a boot sector is there as well: a guest may have written either
   */
  @Override
  public boolean recognises(Probe probe) throws AmbiguousImage {
    ByteView head = probe.head();
    if (!head.startsWith(VdiHeader.SIGNATURE_AT, SIGNATURE)) {
      return false;
    }
    if (head.startsWith(BOOT_SIGNATURE_AT, BOOT_SIGNATURE)) {
      throw new AmbiguousImage(
          head.source(),
          "content",
          BOOT_SIGNATURE_AT,
          "a boot sector's signature in a VDI header",
          "one format");
    }
    return true;
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    try {
      return VdiImage.open(source, context);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }
}
