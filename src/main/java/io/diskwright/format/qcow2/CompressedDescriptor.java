package io.diskwright.format.qcow2;

/**
 * The L2 entry of a compressed cluster.
 *
 * @param offset where the stream starts, bytes from the start of the file, anywhere in a cluster
 * @param length bytes to read at most: the stream ends somewhere in the last 512-byte sector
 */
record CompressedDescriptor(long offset, int length) {

  static final int SECTOR = 512;

  private static final int DESCRIPTOR_BITS = 62;

  /** Splits the lower 62 bits of an entry, whose two fields meet where the cluster size says. */
  static CompressedDescriptor parse(long entry, int clusterBits) {
    int offsetBits = DESCRIPTOR_BITS - (clusterBits - 8);
    long offset = entry & (1L << offsetBits) - 1;
    long additionalSectors = (entry & (1L << DESCRIPTOR_BITS) - 1) >>> offsetBits;
    long length = (additionalSectors + 1) * SECTOR - (offset & SECTOR - 1);
    return new CompressedDescriptor(offset, (int) length); // 2^13 sectors at most
  }
}
