package io.diskwright.format.raw;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A RAW image; its holes are the file's own. */
final class RawImage extends MappedDisk implements DiskImage {

  private final ByteSource source;

  RawImage(ByteSource source) {
    this.source = source;
  }

  @Override
  public long size() {
    return source.size();
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public ImageInfo info() {
    return infoOf(size());
  }

  /** What there is to say of a disk without a container. */
  static ImageInfo infoOf(long size) {
    return new ImageInfo(
        "raw",
        "",
        size,
        OptionalLong.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Map.of());
  }

  @Override
  protected Extent mapAt(long offset, long limit) {
    return new Extent.Data(offset, limit, source, offset);
  }

  @Override
  protected void closeFiles() throws IOException {
    source.close();
  }
}
