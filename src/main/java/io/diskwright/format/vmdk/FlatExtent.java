package io.diskwright.format.vmdk;

import io.diskwright.disk.Extent;
import io.diskwright.io.ByteSource;

/**
 * FLAT and VMFS: the disk's bytes as they are.
 *
 * @param length bytes of the disk
 * @param file holds them; the range is inside it
 * @param fileOffset where they start there, in bytes
 */
record FlatExtent(long length, ByteSource file, long fileOffset) implements VmdkExtent {

  @Override
  public Extent mapAt(long start, long offset, long limit) {
    return new Extent.Data(start, Math.min(limit, length - offset), file, fileOffset + offset);
  }
}
