package io.diskwright.format.vhdx;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A VHDX. Fixed and dynamic images differ in nothing that matters here. */
final class VhdxImage extends MappedDisk implements DiskImage {

  private final ByteSource source;
  private final Facts facts;
  private final BlockMap map;
  private final @Nullable Parent parent;

  /** Takes what {@link VhdxFormat} has checked, and closes {@code source} and {@code parent}. */
  VhdxImage(ByteSource source, Facts facts, BlockMap map, @Nullable Parent parent) {
    this.source = source;
    this.facts = facts;
    this.map = map;
    this.parent = parent;
  }

  /** By what a child knows this image. */
  UUID dataWriteGuid() {
    return facts.header().dataWriteGuid();
  }

  /** Bytes of a sector as the guest addresses it. */
  int logicalSectorSize() {
    return facts.metadata().logicalSectorSize();
  }

  @Override
  public long size() {
    return facts.metadata().virtualDiskSize();
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public ImageInfo info() {
    return facts.info(parent);
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    return map.mapAt(offset, limit);
  }

  @Override
  protected void closeFiles() throws IOException {
    try (source;
        DiskImage below = parent == null ? null : parent.image()) {
      // both are closed even when one fails
    }
  }
}
