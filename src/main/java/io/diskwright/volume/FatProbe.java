package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** FAT12, FAT16 and FAT32: there is no magic number, so the whole geometry must add up. */
final class FatProbe {

  private static final int SECTOR = 512;
  private static final int MAX_FAT12 = 0xFF4;
  private static final int MAX_FAT16 = 0xFFF4;
  private static final long MAX_FAT32 = 0x0FFFFFF6;
  private static final int ENTRY = 32;
  private static final int LONG_NAME = 0x0F;
  private static final int LABEL = 0x08;
  private static final int DIRECTORY = 0x10;
  private static final int MAX_LABEL_CLUSTERS = 100;

  private final Window window;
  private final ByteView boot;

  private FatProbe(Window window, ByteView boot) {
    this.window = window;
    this.boot = boot;
  }

  static Optional<VolumeContent> detect(Window window) throws IOException {
    Optional<ByteView> sector = window.little(0, SECTOR);
    return sector.isPresent() ? new FatProbe(window, sector.get()).content() : Optional.empty();
  }

  private Optional<VolumeContent> content() throws IOException {
    if (!hasMarks() || !addsUp()) {
      return Optional.empty();
    }
    boolean large = boot.u16(22) == 0;
    String label = large ? labelInChain() : labelIn(rootOffset(), boot.u16(17));
    return Optional.of(
        new VolumeContent("vfat", label, Labels.serial(boot.u32(large ? 0x43 : 0x27))));
  }

  private boolean hasMarks() throws IOException {
    boolean named =
        boot.startsWith(0x36, "FAT12   ")
            || boot.startsWith(0x36, "FAT16   ")
            || boot.startsWith(0x36, "FAT     ")
            || boot.startsWith(0x36, "MSDOS")
            || boot.startsWith(0x52, "FAT32   ")
            || boot.startsWith(0x52, "MSWIN");
    if (named) {
      return true;
    }
    boolean jump = boot.u8(0) == 0xEB || boot.u8(0) == 0xE9;
    boolean signed = boot.u8(510) == 0x55 && boot.u8(511) == 0xAA;
    return jump
        && signed
        && !boot.startsWith(0x36, "JFS     ")
        && !boot.startsWith(0x36, "HPFS    ");
  }

  private boolean addsUp() throws IOException {
    int sectorSize = boot.u16(11);
    int clusterSectors = boot.u8(13);
    int reserved = boot.u16(14);
    int fats = boot.u8(16);
    int media = boot.u8(21);
    if (!Labels.powerOfTwo(sectorSize, 512, 4096)
        || !Labels.powerOfTwo(clusterSectors, 1, 128)
        || reserved == 0
        || fats == 0
        || (media < 0xF8 && media != 0xF0)) {
      return false;
    }
    long sectors = boot.u16(19) != 0 ? boot.u16(19) : boot.u32(32);
    long rootSectors = Math.ceilDiv((long) boot.u16(17) * ENTRY, sectorSize);
    long overhead = reserved + fats * fatSectors() + rootSectors;
    if (sectors <= overhead || fatSectors() == 0) {
      return false;
    }
    long clusters = (sectors - overhead) / clusterSectors;
    long most = boot.u16(22) == 0 ? MAX_FAT32 : clusters > MAX_FAT12 ? MAX_FAT16 : MAX_FAT12;
    return clusters <= most;
  }

  private long fatSectors() throws IOException {
    return boot.u16(22) != 0 ? boot.u16(22) : boot.u32(36);
  }

  /** Where the root directory of a FAT12 or FAT16, or the clusters of a FAT32, start. */
  private long rootOffset() throws IOException {
    return (boot.u16(14) + boot.u8(16) * fatSectors()) * boot.u16(11);
  }

  private String labelInChain() throws IOException {
    long clusterBytes = (long) boot.u8(13) * boot.u16(11);
    long cluster = boot.u32(44) & 0x0FFFFFFF;
    for (int i = 0; i < MAX_LABEL_CLUSTERS && cluster >= 2 && cluster < MAX_FAT32; i++) {
      String label =
          labelIn(rootOffset() + (cluster - 2) * clusterBytes, (int) (clusterBytes / ENTRY));
      if (!label.isEmpty()) {
        return label;
      }
      Optional<ByteView> next = window.little((long) boot.u16(14) * boot.u16(11) + cluster * 4, 4);
      cluster = next.isPresent() ? next.get().u32(0) & 0x0FFFFFFF : 0;
    }
    return "";
  }

  /** The label among directory entries; the code page is not known, so bytes stay as they are. */
  private String labelIn(long at, int entries) throws IOException {
    for (int i = 0; i < entries; i++) {
      Optional<ByteView> found = window.little(at + (long) i * ENTRY, ENTRY);
      if (found.isEmpty() || found.get().u8(0) == 0) {
        return "";
      }
      ByteView entry = found.get();
      int attributes = entry.u8(11) & 0x3F;
      boolean label = attributes != LONG_NAME && (attributes & (LABEL | DIRECTORY)) == LABEL;
      if (label && entry.u8(0) != 0xE5 && entry.u16(20) == 0 && entry.u16(26) == 0) {
        String text = new String(entry.bytes(0, 11), StandardCharsets.ISO_8859_1).stripTrailing();
        return text.startsWith("\u0005") ? "\u00e5" + text.substring(1) : text;
      }
    }
    return "";
  }
}
