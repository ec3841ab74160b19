package io.diskwright.format.raw;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.ByteSource;
import java.io.IOException;

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
    return ImageInfo.plain(size());
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
