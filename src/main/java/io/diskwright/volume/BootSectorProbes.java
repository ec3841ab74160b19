package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Microsoft's filesystems, told by their boot sectors. */
final class BootSectorProbes {

  private static final int SECTOR = 512;
  private static final byte[] BITLOCKER_GUID =
      HexFormat.of().parseHex("3bd66749292ed84a8399f6a339e3d001");
  private static final int EXFAT_LABEL = 0x83;
  private static final int MAX_EXFAT_ENTRIES = 10_000;

  private BootSectorProbes() {}

  /** Whether the range starts with a boot sector of a volume, which also ends in 55 AA. */
  static boolean isBootSector(Window window) throws IOException {
    return bitLocker(window).isPresent()
        || ntfs(window).isPresent()
        || exfat(window).isPresent()
        || FatProbe.detect(window).isPresent();
  }

  /** BitLocker, also BitLocker To Go, which looks like a FAT. */
  static Optional<VolumeContent> bitLocker(Window window) throws IOException {
    Optional<ByteView> found = window.little(0, SECTOR);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ByteView boot = found.get();
    boolean toGo =
        boot.startsWith(3, "MSWIN4.1") && Arrays.equals(boot.bytes(0x1A8, 16), BITLOCKER_GUID);
    return boot.startsWith(3, "-FVE-FS-") || toGo
        ? Optional.of(new VolumeContent("BitLocker", "", ""))
        : Optional.empty();
  }

  /** NTFS; the label comes from record 3, $Volume. */
  static Optional<VolumeContent> ntfs(Window window) throws IOException {
    Optional<ByteView> found = window.little(0, SECTOR);
    if (found.isEmpty() || !found.get().startsWith(3, "NTFS    ")) {
      return Optional.empty();
    }
    ByteView boot = found.get();
    long sectorSize = boot.u16(0x0B);
    int perCluster = boot.u8(0x0D);
    // From 128 on, the byte is a negative power of two.
    long clusterSectors = perCluster > 128 ? 1L << Math.min(256 - perCluster, 16) : perCluster;
    long sectors = boot.u64(0x28);
    if (!Labels.powerOfTwo(sectorSize, 256, 4096)
        || Long.bitCount(clusterSectors) != 1
        || sectors <= 0
        || boot.u64(0x30) < 0
        || boot.u64(0x30) > sectors / clusterSectors
        || boot.u16(0x11) != 0
        || boot.u16(0x16) != 0) {
      return Optional.empty();
    }
    int recordSize = boot.u8(0x40);
    long bytes =
        recordSize >= 128
            ? 1L << Math.min(256 - recordSize, 31)
            : recordSize * clusterSectors * sectorSize;
    long serial = boot.u64(0x48);
    String uuid = serial == 0 ? "" : String.format(Locale.ROOT, "%016X", serial);
    String label = NtfsLabel.read(window, boot.u64(0x30), clusterSectors * sectorSize, bytes);
    return Optional.of(new VolumeContent("ntfs", label, uuid));
  }

  /** exFAT; the label is an entry of the root directory. */
  static Optional<VolumeContent> exfat(Window window) throws IOException {
    Optional<ByteView> found = window.little(0, SECTOR);
    if (found.isEmpty() || !found.get().startsWith(3, "EXFAT   ")) {
      return Optional.empty();
    }
    ByteView boot = found.get();
    int sectorShift = boot.u8(108);
    int clusterShift = boot.u8(109);
    if (sectorShift < 9
        || sectorShift > 12
        || clusterShift > 25 - sectorShift
        || !boot.isZero(11, 53)
        || boot.u32(92) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new VolumeContent("exfat", exfatLabel(window, boot), Labels.serial(boot.u32(100))));
  }

  private static String exfatLabel(Window window, ByteView boot) throws IOException {
    int sectorShift = boot.u8(108);
    int clusterShift = sectorShift + boot.u8(109);
    long fat = boot.u32(80) << sectorShift;
    long heap = boot.u32(88) << sectorShift;
    long count = boot.u32(92);
    long cluster = boot.u32(96);
    int remaining = MAX_EXFAT_ENTRIES;
    while (cluster >= 2 && cluster - 2 < count && remaining > 0) {
      long at = heap + (cluster - 2 << clusterShift);
      for (long end = at + (1L << clusterShift); at < end && remaining > 0; at += 32) {
        Optional<ByteView> entry = window.little(at, 32);
        if (entry.isEmpty() || entry.get().u8(0) == 0) {
          return "";
        }
        if (entry.get().u8(0) == EXFAT_LABEL) {
          int units = Math.min(entry.get().u8(1), 11);
          return Labels.label(entry.get(), 2, 2 * units, StandardCharsets.UTF_16LE);
        }
        remaining--;
      }
      Optional<ByteView> next = window.little(fat + cluster * 4, 4);
      cluster = next.isPresent() ? next.get().u32(0) : 0;
    }
    return "";
  }

  /** ReFS. */
  static Optional<VolumeContent> refs(Window window) throws IOException {
    return window.magic(0, "\0\0\0ReFS\0")
        ? Optional.of(new VolumeContent("refs", "", ""))
        : Optional.empty();
  }
}
