package io.diskwright.format.vmdk;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import io.diskwright.io.CorruptImage;
import java.io.IOException;
import java.util.Optional;

/** A VMDK disk. */
final class VmdkImage extends MappedDisk implements DiskImage {

  private final ExtentFiles files;
  private final ExtentMap map;
  private final Descriptor descriptor;
  private final ImageInfo info;

  /**
   * @param files closed with the image
   */
  VmdkImage(ExtentFiles files, ExtentMap map, Descriptor descriptor, ImageInfo info) {
    this.files = files;
    this.map = map;
    this.descriptor = descriptor;
    this.info = info;
  }

  @Override
  public long size() {
    return info.virtualSize();
  }

  @Override
  public String describe() {
    return files.own().describe();
  }

  @Override
  public ImageInfo info() {
    return info;
  }

  /**
   * The CID by which deltas of this disk know it, if it has one. Nothing else depends on it.
   *
   * @throws CorruptImage when it is no CID
   */
  Optional<ContentId> contentId() throws CorruptImage {
    return descriptor.contentId();
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    return map.mapAt(offset, limit);
  }

  @Override
  protected void closeFiles() throws IOException {
    files.close();
  }
}
