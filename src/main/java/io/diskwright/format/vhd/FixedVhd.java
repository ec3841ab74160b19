package io.diskwright.format.vhd;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.disk.ContainerDisk;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.vhd.VhdFooter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A fixed image: the disk's bytes from the start of the file on, then the footer. */
final class FixedVhd extends ContainerDisk implements VhdImage {

  private final VhdFooter footer;

  private FixedVhd(ByteSource source, VhdFooter footer, ImageInfo info) {
    super(source, info);
    this.footer = footer;
  }

  /**
   * Opens it.
   *
   * @throws CorruptImage when the file does not hold the whole disk
   */
  static FixedVhd open(ByteSource source, VhdFooters footers) throws CorruptImage {
    VhdFooter footer = footers.footer();
    long size = footers.currentSize(source);
    if (size > footers.dataEnd()) {
      throw new CorruptImage(
          source.describe(),
          "footer current size",
          footers.offset() + VhdFooters.CURRENT_SIZE_AT,
          Fault.number(size),
          "at most the " + Fault.number(footers.dataEnd()) + " bytes before the footer",
          "The file is truncated, or its footer is left over from another image; copy it again, or"
              + " read it as it is with --from raw");
    }
    List<Anomaly> anomalies = new ArrayList<>(VhdInfo.anomalies(footers));
    if (size < footers.dataEnd()) {
      anomalies.add(
          new Anomaly(
              Kind.SIZES_DISAGREE,
              "file length",
              footers.dataEnd(),
              Fault.number(source.size()) + ", with bytes between the disk's end and the footer",
              Fault.number(source.size() - (footers.dataEnd() - size))));
    }
    return new FixedVhd(
        source, footer, VhdInfo.of(footer, "fixed", OptionalLong.empty(), anomalies));
  }

  @Override
  public VhdFooter footer() {
    return footer;
  }

  @Override
  protected Extent mapAt(long offset, long limit) {
    return new Extent.Data(offset, limit, source(), offset);
  }
}
