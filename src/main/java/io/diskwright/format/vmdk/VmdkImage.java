package io.diskwright.format.vmdk;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.MappedDisk;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A VMDK disk: its extents one after the other. */
final class VmdkImage extends MappedDisk implements DiskImage {

  private final ExtentFiles files;
  private final List<VmdkExtent> extents;
  private final long[] starts;
  private final ImageInfo info;

  /**
   * @param files closed with the image
   * @param extents in the order of the disk, at least one
   */
  VmdkImage(ExtentFiles files, List<VmdkExtent> extents, ImageInfo info) {
    this.files = files;
    this.extents = List.copyOf(extents);
    this.starts = new long[extents.size()];
    this.info = info;
    long start = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = start;
      start += extents.get(i).length();
    }
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

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    int found = Arrays.binarySearch(starts, offset);
    int index = found >= 0 ? found : -found - 2;
    VmdkExtent extent = extents.get(index);
    long inside = offset - starts[index];
    return extent.mapAt(offset, inside, Math.min(limit, extent.length() - inside));
  }

  @Override
  protected void closeFiles() throws IOException {
    files.close();
  }
}
