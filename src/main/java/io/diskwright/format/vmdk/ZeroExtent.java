package io.diskwright.format.vmdk;

import io.diskwright.disk.Extent;

/**
 * ZERO: no file, and zeros as the descriptor says.
 *
 * @param length bytes of the disk
 */
record ZeroExtent(long length) implements VmdkExtent {

  @Override
  public Extent mapAt(long start, long offset, long limit) {
    return new Extent.Zero(start, length - offset, true);
  }
}
