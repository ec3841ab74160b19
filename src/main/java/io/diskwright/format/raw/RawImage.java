package io.diskwright.format.raw;

import io.diskwright.disk.ContainerDisk;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ByteSource;

/** A RAW image; its holes are the file's own. */
final class RawImage extends ContainerDisk {

  RawImage(ByteSource source) {
    super(source, ImageInfo.plain(source.size()));
  }

  @Override
  protected Extent mapAt(long offset, long limit) {
    return new Extent.Data(offset, limit, source(), offset);
  }
}
