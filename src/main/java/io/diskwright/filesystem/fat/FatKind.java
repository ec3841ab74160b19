package io.diskwright.filesystem.fat;

/** The three widths of an entry of the file allocation table. */
enum FatKind {
  FAT12(12, 4084),
  FAT16(16, 65524),
  FAT32(28, 0x0ffffff5);

  private static final int LARGEST_FAT12 = 4084;

  private final int significantBits;
  private final long maxClusters;

  FatKind(int significantBits, long maxClusters) {
    this.significantBits = significantBits;
    this.maxClusters = maxClusters;
  }

  /**
   * The kind, as Linux and Windows tell it. The number of clusters decides between FAT12 and FAT16;
   * the layout of the boot sector decides for FAT32, since tools make FAT32 volumes with fewer
   * clusters than the specification asks for, and every system mounts them.
   */
  static FatKind of(boolean largeLayout, long clusters) {
    if (largeLayout) {
      return FAT32;
    }
    return clusters > LARGEST_FAT12 ? FAT16 : FAT12;
  }

  /** The most clusters that can be numbered. */
  long maxClusters() {
    return maxClusters;
  }

  /** The bits that an entry takes on the disk. */
  int entryBits() {
    return this == FAT32 ? 32 : significantBits;
  }

  /** The bits of an entry that count; the upper four of FAT32 are reserved. */
  long mask() {
    return (1L << significantBits) - 1;
  }

  /** Whether an entry says that its cluster is the last of a chain: 0xff8 to 0xfff and so on. */
  boolean isEnd(long entry) {
    return entry >= (mask() & ~7L);
  }

  /** Whether an entry says that its cluster cannot be used. */
  boolean isBad(long entry) {
    return entry == (mask() & ~8L);
  }
}
