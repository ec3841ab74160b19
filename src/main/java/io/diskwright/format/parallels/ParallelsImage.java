package io.diskwright.format.parallels;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** An expanding image: clusters that were written are stored, the others are zero. */
final class ParallelsImage extends MappedDisk implements DiskImage {

  private final ByteSource source;
  private final ParallelsHeader header;
  private final Optional<FormatExtension> extension;
  private final BlockAllocationTable table;

  private ParallelsImage(
      ByteSource source,
      ParallelsHeader header,
      Optional<FormatExtension> extension,
      BlockAllocationTable table) {
    this.source = source;
    this.header = header;
    this.extension = extension;
    this.table = table;
  }

  /** Opens an image; the caller closes {@code source} when that fails. */
  static ParallelsImage open(ByteSource source, PageCache cache) throws IOException {
    ByteView view =
        source.view(ParallelsHeader.NAME, 0, ParallelsHeader.SIZE, ByteOrder.LITTLE_ENDIAN);
    ParallelsHeader header = ParallelsHeader.parse(view);
    if (header.dataOff() != 0 && header.dataStart() > source.size()) {
      throw view.corrupt(
          "data_off",
          ParallelsHeader.DATA_OFF_AT,
          Fault.number(header.dataOff()),
          "sectors of the file's " + Fault.number(source.size()) + " bytes");
    }
    Optional<FormatExtension> extension = FormatExtension.read(source, header);
    return new ParallelsImage(
        source, header, extension, BlockAllocationTable.open(source, header, cache));
  }

  @Override
  public long size() {
    return header.size();
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public ImageInfo info() {
    return new ImageInfo(
        "parallels",
        "expanding",
        size(),
        OptionalLong.of(header.clusterSize()),
        Optional.empty(),
        List.of(),
        List.of(),
        anomalies(),
        details());
  }

  private List<Anomaly> anomalies() {
    var anomalies = new ArrayList<Anomaly>();
    long inUse = header.inUse();
    if (inUse != 0 && inUse != ParallelsHeader.CLOSED) {
      anomalies.add(
          new Anomaly(
              Kind.DIRTY,
              ParallelsHeader.NAME + " in_use",
              ParallelsHeader.IN_USE_AT,
              Fault.number(inUse)
                  + (inUse == ParallelsHeader.OPENED
                      ? ", opened and not closed"
                      : ", neither opened nor closed"),
              Fault.number(ParallelsHeader.CLOSED) + ", closed"));
    }
    extension.ifPresent(e -> anomalies.add(e.anomaly()));
    return List.copyOf(anomalies);
  }

  private Map<String, String> details() {
    var details = new LinkedHashMap<String, String>();
    details.put("magic", header.magic());
    details.put("version", Long.toString(header.version()));
    details.put("geometry", header.cylinders() + " cylinders, " + header.heads() + " heads");
    return Collections.unmodifiableMap(details);
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    long inCluster = offset % header.clusterSize();
    long length = Math.min(limit, header.clusterSize() - inCluster);
    long data = table.dataOffset(offset / header.clusterSize());
    return data == BlockAllocationTable.ABSENT
        ? new Extent.Zero(offset, length, false)
        : new Extent.Data(offset, length, source, data + inCluster);
  }

  @Override
  protected void closeFiles() throws IOException {
    source.close();
  }
}
