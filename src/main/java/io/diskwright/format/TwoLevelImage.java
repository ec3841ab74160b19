package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.ByteSource;
import java.io.IOException;

/** An image whose map has two levels. */
public final class TwoLevelImage extends MappedDisk implements DiskImage {

  private final ByteSource source;
  private final TwoLevelMap map;
  private final BackingFile backing;
  private final ImageInfo info;

  /** Takes what its format has checked, and closes {@code source} and {@code backing}. */
  public TwoLevelImage(ByteSource source, TwoLevelMap map, BackingFile backing, ImageInfo info) {
    this.source = source;
    this.map = map;
    this.backing = backing;
    this.info = info;
  }

  @Override
  public long size() {
    return info.virtualSize();
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public ImageInfo info() {
    return info;
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    return map.mapAt(offset, limit);
  }

  @Override
  protected void closeFiles() throws IOException {
    try (source;
        backing) {
      // both are closed even when one fails
    }
  }
}
