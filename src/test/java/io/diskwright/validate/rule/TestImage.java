package io.diskwright.validate.rule;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.disk.ImageInfo.Snapshot;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.MemorySource;
import io.diskwright.volume.DiskBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An image in memory: some bytes at the start of a disk that may be much larger. */
public final class TestImage extends MappedDisk implements DiskImage {

  private final MemorySource start;
  private final long size;
  private String format = "raw";
  private String subformat = "";
  private List<ExternalFile> externalFiles = List.of();
  private List<Snapshot> snapshots = List.of();
  private List<Anomaly> anomalies = List.of();
  private @Nullable CorruptImage damage;
  private boolean closed;

  private TestImage(byte[] start, long size) {
    this.start = new MemorySource("test image", start);
    this.size = size;
  }

  /** A RAW image of exactly the builder's bytes. */
  public static TestImage of(DiskBuilder builder) {
    return new TestImage(builder.bytes(), builder.bytes().length);
  }

  /** A RAW image that starts with the builder's bytes; the rest is a hole. */
  public static TestImage of(DiskBuilder builder, long size) {
    return new TestImage(builder.bytes(), size);
  }

  /** An empty RAW image. */
  public static TestImage empty(long size) {
    return new TestImage(new byte[0], size);
  }

  public TestImage format(String name, String kind) {
    format = name;
    subformat = kind;
    return this;
  }

  public TestImage externalFiles(ExternalFile... files) {
    externalFiles = List.of(files);
    return this;
  }

  public TestImage snapshots(Snapshot... taken) {
    snapshots = List.of(taken);
    return this;
  }

  public TestImage anomalies(Anomaly... found) {
    anomalies = List.of(found);
    return this;
  }

  /** Makes every read fail. */
  public TestImage damaged(CorruptImage why) {
    damage = why;
    return this;
  }

  /** Whether it was closed. */
  public boolean closed() {
    return closed;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String describe() {
    return start.describe();
  }

  @Override
  public ImageInfo info() {
    return new ImageInfo(
        format,
        subformat,
        size,
        OptionalLong.empty(),
        Optional.empty(),
        snapshots,
        externalFiles,
        anomalies,
        Map.of());
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws CorruptImage {
    if (damage != null) {
      throw damage;
    }
    return offset < start.size()
        ? new Extent.Data(offset, Math.min(limit, start.size() - offset), start, offset)
        : new Extent.Zero(offset, limit, false);
  }

  @Override
  protected void closeFiles() {
    closed = true;
  }
}
