package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;

/**
 * The boot sector.
 *
 * @param clusterSize bytes, 256 to 2 MiB
 * @param totalSectors sectors of the volume, without the copy of this one behind them
 * @param mftLcn the first cluster of the master file table
 * @param recordSize bytes of a file record
 * @param indexBlockSize bytes of a block of an index, unless the index says otherwise
 */
record BootSector(
    int bytesPerSector,
    int clusterSize,
    long totalSectors,
    long mftLcn,
    long mftMirrorLcn,
    int recordSize,
    int indexBlockSize,
    long serialNumber) {

  static final int LENGTH = 512;

  private static final int MAX_CLUSTER = 2 << 20;
  private static final int MIN_RECORD = 512;
  private static final int MAX_RECORD = 1 << 16;

  static boolean isMagic(ByteView view) {
    return view.startsWith(3, "NTFS    ");
  }

  static BootSector parse(ByteView view) throws CorruptImage {
    int bytesPerSector = view.u16(0x0b);
    if (bytesPerSector < 256 || bytesPerSector > 4096 || Integer.bitCount(bytesPerSector) != 1) {
      throw view.corrupt(
          "bytes per sector", 0x0b, Fault.number(bytesPerSector), "a power of two, 256 to 4096");
    }
    int encoded = view.u8(0x0d);
    // Above 128 it is a power of two, as a negative byte.
    int exponent = encoded > 0x80 ? 256 - encoded : 0;
    long sectors = encoded > 0x80 ? 1L << Math.min(exponent, 32) : encoded;
    long clusterSize = sectors * bytesPerSector;
    if (clusterSize < 256 || clusterSize > MAX_CLUSTER || Long.bitCount(clusterSize) != 1) {
      throw view.corrupt(
          "sectors per cluster", 0x0d, Fault.number(encoded), "clusters of 256 bytes to 2 MiB");
    }
    long totalSectors = view.u64(0x28);
    if (totalSectors < 1 || totalSectors > Long.MAX_VALUE / bytesPerSector) {
      throw view.corrupt(
          "total sectors", 0x28, Long.toUnsignedString(totalSectors), "below 2^63 bytes");
    }
    long clusters = totalSectors / Math.max(1, sectors);
    return new BootSector(
        bytesPerSector,
        (int) clusterSize,
        totalSectors,
        cluster(view, "$MFT cluster", 0x30, clusters),
        cluster(view, "$MFTMirr cluster", 0x38, clusters),
        size(view, "file record size", 0x40, clusterSize),
        size(view, "index block size", 0x44, clusterSize),
        view.u64(0x48));
  }

  private static long cluster(ByteView view, String field, int at, long clusters)
      throws CorruptImage {
    long cluster = view.u64(at);
    if (cluster < 0 || cluster >= clusters) {
      throw view.corrupt(field, at, Fault.number(cluster), "below " + clusters);
    }
    return cluster;
  }

  /** A size in clusters or, as a negative byte, as a power of two of bytes. */
  private static int size(ByteView view, String field, int at, long clusterSize)
      throws CorruptImage {
    int encoded = (byte) view.u8(at);
    long size = encoded > 0 ? encoded * clusterSize : 1L << Math.min(-encoded, 32);
    if (size < MIN_RECORD || size > MAX_RECORD || Long.bitCount(size) != 1) {
      throw view.corrupt(
          field, at, Integer.toString(encoded), "a power of two, 512 to 65536 bytes");
    }
    return (int) size;
  }

  long clusters() {
    return totalSectors / (clusterSize / bytesPerSector);
  }
}
