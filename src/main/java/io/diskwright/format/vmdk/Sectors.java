package io.diskwright.format.vmdk;

/** VMDK counts in sectors of 512 bytes; everything past this package's edge is in bytes. */
final class Sectors {

  /** Bytes of a sector. */
  static final int SIZE = 512;

  /**
   * The most sectors that are followed, 1 PiB: sixteen times what VMware allows, and small enough
   * that no sum of a few such numbers, in bytes, overflows.
   */
  static final long MAX = 1L << 41;

  private Sectors() {}

  /**
   * A number of sectors in bytes.
   *
   * @param sectors from 0 to {@link #MAX}
   */
  static long toBytes(long sectors) {
    return sectors * SIZE;
  }

  /**
   * How many sectors some bytes take.
   *
   * @param bytes from 0 to those of {@link #MAX} sectors
   */
  static long up(long bytes) {
    return (bytes + SIZE - 1) / SIZE;
  }
}
