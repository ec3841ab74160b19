package io.diskwright.format.qcow2;

/**
 * A 64-bit L2 entry, already checked by {@link L2Table}.
 *
 * @param clusterSize bytes
 */
record StandardL2Entry(long descriptor, int clusterSize) implements L2Entry {

  /** Bit 0, from version 3 on: the cluster reads as zeros. */
  static final long ZERO = 1;

  @Override
  public long bitmap() {
    return 0;
  }

  @Override
  public Content contentAt(int within) {
    if ((descriptor & COMPRESSED) != 0) {
      return Content.COMPRESSED;
    }
    if ((descriptor & ZERO) != 0) {
      return Content.ZERO;
    }
    return hasHost() ? Content.DATA : Content.UNALLOCATED;
  }

  @Override
  public int contentEnd(int within) {
    return clusterSize;
  }
}
