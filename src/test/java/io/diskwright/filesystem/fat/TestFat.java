package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A FAT volume written field by field: sectors and clusters of 512 bytes, two tables. What is not
 * asked for is as it should be.
 */
final class TestFat {

  static final int SECTOR = 512;
  static final int DIRECTORY = 0x10;
  static final int END = 0x0fffffff;
  private static final int ROOT_ENTRIES = 512;

  final ByteBuffer bytes;
  private final FatKind kind;
  private final int reserved;
  private final int fatSectors;

  TestFat(FatKind kind) {
    this.kind = kind;
    int clusters = kind == FatKind.FAT16 ? 5000 : 1000;
    this.reserved = kind == FatKind.FAT32 ? 32 : 1;
    this.fatSectors = Math.ceilDiv((clusters + 2) * kind.entryBits(), SECTOR * 8);
    int rootEntries = kind == FatKind.FAT32 ? 0 : ROOT_ENTRIES;
    int sectors = reserved + 2 * fatSectors + rootEntries * 32 / SECTOR + clusters;
    this.bytes = ByteBuffer.allocate(sectors * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    text(0, "\u00eb\u003c\u0090TESTFAT ");
    u16(11, SECTOR).u8(13, 1).u16(14, reserved).u8(16, 2).u16(17, rootEntries);
    u16(19, sectors).u8(21, 0xf8);
    if (kind == FatKind.FAT32) {
      u32(36, fatSectors).u32(44, 2).u16(48, 1).u16(50, 6);
      u8(66, 0x29).u32(67, 0x1234abcd);
      text(71, "NO NAME    FAT32   ");
      text(SECTOR, "RRaA");
      text(SECTOR + 484, "rrAa");
      u32(SECTOR + 488, clusters - 1).u32(SECTOR + 508, 0xaa550000);
    } else {
      u16(22, fatSectors).u8(38, 0x29).u32(39, 0x1234abcd);
      text(43, "NO NAME    " + (kind == FatKind.FAT12 ? "FAT12   " : "FAT16   "));
    }
    u16(510, 0xaa55);
    copyBoot();
    fat(0, 0x0ffffff8).fat(1, END);
    if (kind == FatKind.FAT32) {
      fat(2, END);
    }
  }

  /** Writes the backup of the boot sector anew. */
  TestFat copyBoot() {
    if (kind == FatKind.FAT32) {
      bytes.put(6 * SECTOR, bytes, 0, SECTOR);
    }
    return this;
  }

  TestFat u8(int at, int value) {
    bytes.put(at, (byte) value);
    return this;
  }

  TestFat u16(int at, int value) {
    bytes.putShort(at, (short) value);
    return this;
  }

  TestFat u32(int at, int value) {
    bytes.putInt(at, value);
    return this;
  }

  TestFat text(int at, String latin1) {
    bytes.put(at, latin1.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sets an entry in both tables. */
  TestFat fat(int cluster, int value) {
    return fat(0, cluster, value).fat(1, cluster, value);
  }

  TestFat fat(int table, int cluster, int value) {
    int start = (reserved + table * fatSectors) * SECTOR;
    switch (kind) {
      case FAT32 -> u32(start + cluster * 4, value);
      case FAT16 -> u16(start + cluster * 2, value);
      case FAT12 -> {
        int at = start + cluster * 3 / 2;
        int old = bytes.getShort(at);
        u16(
            at,
            cluster % 2 == 0 ? old & 0xf000 | value & 0xfff : old & 0x000f | (value & 0xfff) << 4);
      }
    }
    return this;
  }

  /** Chains clusters, the last one to an end. */
  TestFat chain(int... clusters) {
    for (int i = 0; i < clusters.length; i++) {
      fat(clusters[i], i + 1 < clusters.length ? clusters[i + 1] : END);
    }
    return this;
  }

  /** Where a slot of the root directory lies. */
  int root(int slot) {
    return kind == FatKind.FAT32
        ? cluster(2) + slot * 32
        : (reserved + 2 * fatSectors) * SECTOR + slot * 32;
  }

  int cluster(int number) {
    int root = kind == FatKind.FAT32 ? 0 : ROOT_ENTRIES * 32;
    return (reserved + 2 * fatSectors) * SECTOR + root + (number - 2) * SECTOR;
  }

  /**
   * Writes a directory entry.
   *
   * @param name 11 characters of ISO 8859-1
   */
  TestFat entry(int at, String name, int attributes, int cluster, int size) {
    text(at, name).u8(at + 11, attributes).u16(at + 20, cluster >>> 16);
    return u16(at + 24, 0x5c21).u16(at + 26, cluster).u32(at + 28, size);
  }

  /** Makes a directory with its own two entries. */
  TestFat directory(int at, String name, int cluster, int parent) {
    entry(at, name, DIRECTORY, cluster, 0).fat(cluster, END);
    entry(cluster(cluster), ".          ", DIRECTORY, cluster, 0);
    return entry(cluster(cluster) + 32, "..         ", DIRECTORY, parent, 0);
  }

  /** Writes a slot of a long name. */
  TestFat longName(int at, int ordinal, int checksum, String units) {
    u8(at, ordinal).u8(at + 11, 0x0f).u8(at + 13, checksum);
    int[] places = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
    for (int i = 0; i < places.length; i++) {
      u16(at + places[i], i < units.length() ? units.charAt(i) : i == units.length() ? 0 : 0xffff);
    }
    return this;
  }

  /** The checksum of a short name, as the specification's pseudocode has it. */
  static int checksum(String name) {
    int sum = 0;
    for (char c : name.toCharArray()) {
      sum = ((sum & 1) != 0 ? 0x80 : 0) + (sum >> 1) + c & 0xff;
    }
    return sum;
  }

  MemorySource source() {
    return new MemorySource("test", bytes.array());
  }

  FatFileSystem open() throws IOException {
    return FatFileSystem.open(source()).orElseThrow();
  }

  Node find(String name) throws IOException {
    return open().root().child(name).orElseThrow();
  }

  List<String> names() throws IOException {
    return names(open().root());
  }

  static List<String> names(Node directory) throws IOException {
    List<String> names = new ArrayList<>();
    EntryCursor cursor = directory.entries();
    for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
      names.add(entry.name());
    }
    return names;
  }

  static byte[] read(Node file) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) file.content().size());
    file.content().read(0, content);
    return content.array();
  }

  /** What the check finds, one line each. */
  List<String> check() throws IOException {
    List<String> found = new ArrayList<>();
    open().check((Problem problem) -> found.add(problem.structure() + ": " + problem.found()));
    return found;
  }
}
