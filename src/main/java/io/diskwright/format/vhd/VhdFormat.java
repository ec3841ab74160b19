package io.diskwright.format.vhd;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.Probe;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * VHD, the format of Virtual PC, Hyper-V, Azure and XenServer: fixed, dynamic and differencing
 * images.
 */
public final class VhdFormat implements ImageFormat {

  @Override
  public String name() {
    return "vhd";
  }

  @Override
  public boolean recognises(Probe probe) {
    return probe.endsWith(VhdFooter.SIZE, VhdFooter.COOKIE)
        || probe.endsWith(VhdFooter.LEGACY_SIZE, VhdFooter.COOKIE)
        || probe.head().startsWith(0, VhdFooter.COOKIE);
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    try {
      VhdFooters footers = VhdFooters.find(source);
      long type = footers.footer().diskType();
      if (type == VhdFooter.FIXED) {
        return FixedVhd.open(source, footers);
      } else if (type == VhdFooter.DYNAMIC) {
        return DynamicVhd.open(source, footers, context.cache());
      } else if (type == VhdFooter.DIFFERENCING) {
        return DifferencingVhd.open(source, footers, context);
      }
      throw unknown(source, footers, type);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** A fixed image can be read forward; the others have their tables where they like. */
  @Override
  public Optional<ForwardDisk> openForward(ForwardSource source, OpenContext context)
      throws IOException {
    boolean fixed =
        !source
            .peek("start", VhdFooter.COOKIE.length(), ByteOrder.BIG_ENDIAN)
            .startsWith(0, VhdFooter.COOKIE);
    return fixed ? Optional.of(new FixedVhdStream(source, true)) : Optional.empty();
  }

  /**
   * Reads a disk's plain bytes, of which the end tells whether they are a fixed image or RAW.
   *
   * @param source closed with the disk
   */
  public static ForwardDisk openPlainStream(ForwardSource source) {
    return new FixedVhdStream(source, false);
  }

  /** The specification reserves 1, 5 and 6 for types it has given up, and 0 for no disk at all. */
  private static IOException unknown(ByteSource source, VhdFooters footers, long type) {
    long offset = footers.offset() + VhdFooters.DISK_TYPE_AT;
    String allowed = "2 (fixed), 3 (dynamic), 4 (differencing)";
    return type == 1 || type == 5 || type == 6
        ? new UnsupportedFeature(
            source.describe(), "footer disk type", offset, type + " (deprecated)", allowed)
        : new CorruptImage(
            source.describe(), "footer disk type", offset, Fault.number(type), allowed);
  }
}
