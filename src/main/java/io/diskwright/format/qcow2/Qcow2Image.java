package io.diskwright.format.qcow2;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.ByteSource;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The disk of a qcow2 image in the state that is read. */
final class Qcow2Image extends MappedDisk implements DiskImage {

  private final ByteSource source;
  private final long size;
  private final ClusterMap map;
  private final @Nullable DiskImage backing;
  private final ImageInfo info;

  /** Takes what {@link Qcow2Format} has checked, and closes {@code source} and {@code backing}. */
  Qcow2Image(
      ByteSource source, long size, ClusterMap map, @Nullable DiskImage backing, ImageInfo info) {
    this.source = source;
    this.size = size;
    this.map = map;
    this.backing = backing;
    this.info = info;
  }

  @Override
  public long size() {
    return size;
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
