package io.diskwright.disk;

import io.diskwright.io.ByteSource;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A range of a disk as bytes: what a filesystem reads its volume from. The disk stays its owner's
 * to close.
 *
 * @param describe the name used in messages
 * @param start bytes from the start of the disk
 * @param size bytes
 */
public record DiskSource(VirtualDisk disk, String describe, long start, long size)
    implements ByteSource {

  /**
   * A range of a disk.
   *
   * @throws IndexOutOfBoundsException when the range leaves the disk
   */
  public DiskSource {
    Objects.checkFromIndexSize(start, size, disk.size());
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    disk.read(start + offset, target);
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    checkInside("data", offset, length);
    Extent extent = disk.extentAt(start + offset, length);
    return new Run(extent instanceof Extent.Zero, extent.length());
  }
}
