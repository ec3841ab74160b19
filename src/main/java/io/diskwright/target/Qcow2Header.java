package io.diskwright.target;

import java.nio.ByteBuffer;

/**
 * The header of a qcow2 of version 3, as its specification lays it out: big-endian, 112 bytes, no
 * backing file, no snapshots, reference counts of 16 bits. It is followed by an empty list of
 * header extensions.
 *
 * @param size bytes of the disk
 * @param l1Size entries
 * @param l1TableOffset bytes
 * @param refcountTableOffset bytes
 * @param zstd whether compressed clusters are Zstandard frames, which is an incompatible feature
 */
record Qcow2Header(
    long size,
    int l1Size,
    long l1TableOffset,
    long refcountTableOffset,
    int refcountTableClusters,
    boolean zstd) {

  static final int CLUSTER_BITS = 16;

  private static final int MAGIC = 0x514649fb;
  private static final int VERSION = 3;
  private static final int REFCOUNT_ORDER = 4;
  private static final int LENGTH = 112;
  private static final long COMPRESSION_TYPE_BIT = 1 << 3;

  /** The header and the end of its extensions. */
  ByteBuffer encode() {
    return ByteBuffer.allocate(LENGTH + 8)
        .putInt(MAGIC)
        .putInt(VERSION)
        .putLong(0)
        .putInt(0)
        .putInt(CLUSTER_BITS)
        .putLong(size)
        .putInt(0)
        .putInt(l1Size)
        .putLong(l1TableOffset)
        .putLong(refcountTableOffset)
        .putInt(refcountTableClusters)
        .putInt(0)
        .putLong(0)
        .putLong(zstd ? COMPRESSION_TYPE_BIT : 0)
        .putLong(0)
        .putLong(0)
        .putInt(REFCOUNT_ORDER)
        .putInt(LENGTH)
        .put((byte) (zstd ? 1 : 0))
        .clear();
  }
}
