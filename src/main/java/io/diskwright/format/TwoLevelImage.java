package io.diskwright.format;

import io.diskwright.disk.ContainerDisk;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ByteSource;
import java.io.IOException;

/** An image whose map has two levels. */
public final class TwoLevelImage extends ContainerDisk {

  private final TwoLevelMap map;
  private final BackingFile backing;

  /** Takes what its format has checked, and closes {@code source} and {@code backing}. */
  public TwoLevelImage(ByteSource source, TwoLevelMap map, BackingFile backing, ImageInfo info) {
    super(source, info);
    this.map = map;
    this.backing = backing;
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    return map.mapAt(offset, limit);
  }

  @Override
  protected void closeFiles() throws IOException {
    try (backing) {
      super.closeFiles();
    }
  }
}
