package io.diskwright.filesystem.fat;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import java.util.OptionalInt;

/**
 * The boot sector with its BIOS parameter block; names follow the specification. Every value is
 * checked when it is parsed: what the methods compute lies in the ranges they name, but not
 * necessarily inside the volume.
 *
 * @param bytesPerSector 512 to 4096
 * @param sectorsPerCluster 1 to 128
 * @param reservedSectors at least 1
 * @param numberOfFats at least 1
 * @param rootEntries of the fixed root directory; 0 on FAT32
 * @param fatSectors of one table
 * @param extendedFlags of FAT32, else 0
 * @param rootCluster of FAT32, else 0
 * @param fsInfoSector of FAT32, else 0
 * @param backupBootSector of FAT32, else 0
 * @param state bit 0 says mounted, bit 1 that errors were found
 * @param volumeLabel 11 bytes
 */
record BootSector(
    FatKind kind,
    int bytesPerSector,
    int sectorsPerCluster,
    int reservedSectors,
    int numberOfFats,
    int rootEntries,
    long totalSectors,
    int media,
    long fatSectors,
    int extendedFlags,
    long rootCluster,
    int fsInfoSector,
    int backupBootSector,
    int state,
    long volumeId,
    byte[] volumeLabel,
    String oemName) {

  /** Bytes of the boot sector that are read, whatever a sector's size is. */
  static final int SIZE = 512;

  private static final int NOT_MIRRORED = 0x80;
  private static final int ACTIVE_FAT = 0x0f;

  /**
   * Whether a boot sector is meant as FAT's: it names the filesystem, or it begins with a jump, is
   * signed, and its parameters are possible ones.
   */
  static boolean isFat(ByteView view) throws CorruptImage {
    if (view.startsWith(3, "NTFS    ") || view.startsWith(3, "-FVE-FS-")) {
      return false;
    }
    if (view.startsWith(0x36, "FAT12   ")
        || view.startsWith(0x36, "FAT16   ")
        || view.startsWith(0x36, "FAT     ")
        || view.startsWith(0x36, "MSDOS")
        || view.startsWith(0x52, "MSWIN")
        || view.startsWith(0x52, "FAT32   ")) {
      return true;
    }
    boolean jump = view.u8(0) == 0xeb || view.u8(0) == 0xe9;
    int media = view.u8(21);
    return jump
        && view.u16(510) == 0xaa55
        && !view.startsWith(0x36, "HPFS    ")
        && !view.startsWith(0x36, "JFS     ")
        && isPower(view.u16(11), 512, 4096)
        && isPower(view.u8(13), 1, 128)
        && view.u16(14) != 0
        && view.u8(16) != 0
        && (media == 0xf0 || media >= 0xf8)
        && (view.u16(22) != 0 || view.u32(36) != 0);
  }

  static boolean isExfat(ByteView view) {
    return view.startsWith(3, "EXFAT   ");
  }

  /**
   * Reads a sector of which {@link #isFat} is true.
   *
   * @param view the first {@link #SIZE} bytes of the volume, little-endian
   */
  static BootSector parse(ByteView view) throws CorruptImage, UnsupportedFeature {
    int bytesPerSector = view.u16(11);
    int sectorsPerCluster = view.u8(13);
    int reservedSectors = view.u16(14);
    int numberOfFats = view.u8(16);
    int rootEntries = view.u16(17);
    require(
        isPower(bytesPerSector, 512, 4096),
        view,
        "BPB_BytsPerSec",
        11,
        bytesPerSector,
        "512, 1024, 2048 or 4096");
    require(
        isPower(sectorsPerCluster, 1, 128),
        view,
        "BPB_SecPerClus",
        13,
        sectorsPerCluster,
        "a power of two up to 128");
    require(reservedSectors != 0, view, "BPB_RsvdSecCnt", 14, reservedSectors, "at least 1");
    require(numberOfFats != 0, view, "BPB_NumFATs", 16, numberOfFats, "at least 1");
    boolean large = view.u16(22) == 0;
    long fatSectors = large ? view.u32(36) : view.u16(22);
    require(fatSectors != 0, view, "BPB_FATSz32", 36, fatSectors, "at least 1");
    long totalSectors = view.u16(19) != 0 ? view.u16(19) : view.u32(32);
    long overhead =
        reservedSectors + numberOfFats * fatSectors + rootSectors(rootEntries, bytesPerSector);
    require(
        totalSectors - overhead >= sectorsPerCluster,
        view,
        "BPB_TotSec32",
        32,
        totalSectors,
        "more sectors than the " + Fault.number(overhead) + " before the first cluster");
    FatKind kind = FatKind.of(large, (totalSectors - overhead) / sectorsPerCluster);
    require(
        large || rootEntries != 0,
        view,
        "BPB_RootEntCnt",
        17,
        rootEntries,
        "at least 1 on " + kind);
    if (large && view.u16(42) != 0) {
      throw view.unsupported("BPB_FSVer", 42, Fault.number(view.u16(42)), "0");
    }
    int extended = large ? 64 : 36;
    var boot =
        new BootSector(
            kind,
            bytesPerSector,
            sectorsPerCluster,
            reservedSectors,
            numberOfFats,
            rootEntries,
            totalSectors,
            view.u8(21),
            fatSectors,
            large ? view.u16(40) : 0,
            large ? view.u32(44) & kind.mask() : 0,
            large ? view.u16(48) : 0,
            large ? view.u16(50) : 0,
            view.u8(extended + 1),
            view.u32(extended + 3),
            view.bytes(extended + 7, 11),
            CodePage437.decode(view.bytes(3, 8)).trim());
    require(
        boot.clusters() >= 1 && boot.clusters() <= kind.maxClusters(),
        view,
        "count of clusters",
        32,
        boot.clusters(),
        "1 to " + kind.maxClusters() + " on " + kind);
    require(
        boot.activeFat() < numberOfFats,
        view,
        "BPB_ExtFlags active FAT",
        40,
        boot.activeFat(),
        "below the number of FATs " + numberOfFats);
    require(
        !large || boot.isCluster(boot.rootCluster),
        view,
        "BPB_RootClus",
        44,
        boot.rootCluster,
        "2 to " + Fault.number(boot.clusters() + 1));
    return boot;
  }

  private static void require(
      boolean holds, ByteView view, String field, int at, long found, String allowed)
      throws CorruptImage {
    if (!holds) {
      throw view.corrupt(field, at, Fault.number(found), allowed);
    }
  }

  private static boolean isPower(int value, int least, int most) {
    return value >= least && value <= most && Integer.bitCount(value) == 1;
  }

  private static long rootSectors(int rootEntries, int bytesPerSector) {
    return Math.ceilDiv((long) rootEntries * ShortEntry.SIZE, bytesPerSector);
  }

  int clusterBytes() {
    return sectorsPerCluster * bytesPerSector;
  }

  /** Bytes that the filesystem claims. */
  long size() {
    return totalSectors * bytesPerSector;
  }

  /** Bytes of one file allocation table. */
  long fatBytes() {
    return fatSectors * bytesPerSector;
  }

  /** Where a file allocation table starts, in bytes of the volume. */
  long fatOffset(int number) {
    return reservedSectors * (long) bytesPerSector + number * fatBytes();
  }

  /** The table that is in force: the first, unless FAT32 says that another one is. */
  int activeFat() {
    return isMirrored() ? 0 : extendedFlags & ACTIVE_FAT;
  }

  /** Whether all tables are to be the same. */
  boolean isMirrored() {
    return (extendedFlags & NOT_MIRRORED) == 0;
  }

  /** Where the fixed root directory starts, in bytes of the volume. */
  long rootOffset() {
    return fatOffset(numberOfFats);
  }

  /** Bytes of the fixed root directory. */
  int rootBytes() {
    return rootEntries * ShortEntry.SIZE;
  }

  /** Where the first cluster, number 2, starts, in bytes of the volume. */
  long dataOffset() {
    return rootOffset() + rootSectors(rootEntries, bytesPerSector) * bytesPerSector;
  }

  /** Where a cluster starts, in bytes of the volume. */
  long clusterOffset(long cluster) {
    return dataOffset() + (cluster - 2) * clusterBytes();
  }

  /** Clusters that the sectors have room for. */
  long dataClusters() {
    return (size() - dataOffset()) / clusterBytes();
  }

  /** Clusters that can be used: those that one table can also say something of, as on Linux. */
  long clusters() {
    return Math.min(dataClusters(), fatBytes() * Byte.SIZE / kind.entryBits() - 2);
  }

  boolean isCluster(long number) {
    return number >= 2 && number <= clusters() + 1;
  }

  /** The sector of the FSInfo structure; none where FAT32 says that there is none. */
  OptionalInt fsInfo() {
    return kind == FatKind.FAT32 && fsInfoSector != 0 && fsInfoSector < reservedSectors
        ? OptionalInt.of(fsInfoSector)
        : OptionalInt.empty();
  }

  /** The sector of the boot sector's copy. */
  OptionalInt backup() {
    return kind == FatKind.FAT32 && backupBootSector != 0 && backupBootSector < reservedSectors
        ? OptionalInt.of(backupBootSector)
        : OptionalInt.empty();
  }
}
