package io.diskwright.format.vhdx;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.format.Formats;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A VHDX made field by field: the header section, the log, the metadata region and the BAT region
 * of 1 MiB each, then blocks of 1 MiB.
 */
final class TestVhdx {

  static final int MIB = 1 << 20;
  static final int HEADER_1 = 0x1_0000;
  static final int HEADER_2 = 0x2_0000;
  static final int REGIONS_1 = 0x3_0000;
  static final int REGIONS_2 = 0x4_0000;
  static final int LOG = MIB;
  static final int METADATA = 2 * MIB;
  static final int BAT = 3 * MIB;
  static final int DATA = 4 * MIB;

  /** Where the items lie. */
  static final int ITEMS = METADATA + 0x1_0000;

  static final int PARAMETERS = ITEMS;
  static final int DISK_SIZE = ITEMS + 8;
  static final int DISK_ID = ITEMS + 16;
  static final int LOGICAL = ITEMS + 32;
  static final int PHYSICAL = ITEMS + 36;
  static final int LOCATOR = ITEMS + 64;

  static final int NOT_PRESENT = 0;
  static final int ZERO = 2;
  static final int FULL = 6;
  static final int PARTIAL = 7;

  static final UUID DATA_WRITE = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  static final UUID LOG_GUID = UUID.fromString("10112233-4455-6677-8899-aabbccddeef0");

  final ByteBuffer bytes;

  /** What the disk holds, as far as this image has it. */
  final byte[] disk;

  private TestVhdx(int diskSize, int blocks) {
    bytes = ByteBuffer.allocate(DATA + blocks * MIB).order(ByteOrder.LITTLE_ENDIAN);
    disk = new byte[diskSize];
  }

  /**
   * An image without blocks.
   *
   * @param diskSize bytes of the disk, which is also kept in {@link #disk}
   * @param blocks blocks of 1 MiB at the end of the file
   */
  static TestVhdx empty(int diskSize, int blocks) {
    var vhdx = new TestVhdx(diskSize, blocks);
    vhdx.ascii(0, "vhdxfile").utf16(8, "test 1.0");
    vhdx.header(HEADER_1, 6).header(HEADER_2, 7);
    vhdx.regions(REGIONS_1).regions(REGIONS_2);
    vhdx.ascii(METADATA, "metadata").u16(METADATA + 10, 5);
    vhdx.item(0, "caa16737-fa36-4d43-b3b6-33f0aa44e76b", PARAMETERS, 8, 4);
    vhdx.item(1, "2fa54224-cd1b-4876-b211-5dbed83bf4b8", DISK_SIZE, 8, 6);
    vhdx.item(2, "beca12ab-b2e6-4523-93ef-c309e000c746", DISK_ID, 16, 6);
    vhdx.item(3, "8141bf1d-a96f-4709-ba47-f233a8faab5f", LOGICAL, 4, 6);
    vhdx.item(4, "cda348c7-445d-4471-9cc9-e9885251c556", PHYSICAL, 4, 6);
    vhdx.u32(PARAMETERS, MIB).u64(DISK_SIZE, diskSize).u32(LOGICAL, 512).u32(PHYSICAL, 4096);
    vhdx.guid(DISK_ID, UUID.fromString("90112233-4455-6677-8899-aabbccddeeff"));
    return vhdx.sealed();
  }

  /** Five blocks, the last one short; 0, 2 and 4 are stored, out of order, and 3 is zero. */
  static TestVhdx dynamic() {
    return empty(4 * MIB + 1536, 3).stored(0, 1).stored(2, 0).stored(4, 2).entry(3, ZERO, 0);
  }

  private TestVhdx header(int at, long sequence) {
    return ascii(at, "head")
        .u64(at + 8, sequence)
        .guid(at + 16, UUID.fromString("20112233-4455-6677-8899-aabbccddeeff"))
        .guid(at + 32, DATA_WRITE)
        .u16(at + 66, 1)
        .u32(at + 68, MIB)
        .u64(at + 72, LOG);
  }

  private TestVhdx regions(int at) {
    return ascii(at, "regi")
        .u32(at + 8, 2)
        .region(at, 0, "2dc27766-f623-4200-9d64-115e9bfd4a08", BAT, 1)
        .region(at, 1, "8b7ca206-4790-4b9a-b8fe-575f050f886e", METADATA, 1);
  }

  private TestVhdx region(int table, int index, String guid, long offset, int required) {
    int at = table + 16 + 32 * index;
    return guid(at, UUID.fromString(guid))
        .u64(at + 16, offset)
        .u32(at + 24, MIB)
        .u32(at + 28, required);
  }

  /** Adds a region to both tables; {@link #sealed} comes after. */
  TestVhdx moreRegions(int index, String guid, long offset, int required) {
    for (int table : new int[] {REGIONS_1, REGIONS_2}) {
      region(table, index, guid, offset, required).u32(table + 8, index + 1);
    }
    return this;
  }

  /** Puts a metadata table entry. */
  TestVhdx item(int index, String guid, int at, int length, int flags) {
    int entry = METADATA + 32 + 32 * index;
    return guid(entry, UUID.fromString(guid))
        .u32(entry + 16, at - METADATA)
        .u32(entry + 20, length)
        .u32(entry + 24, flags);
  }

  /** Puts a BAT entry for a place in MiB. */
  TestVhdx entry(int index, int state, long mib) {
    return u64(BAT + 8 * index, mib << 20 | state);
  }

  /** Stores a block whose sectors all differ, also in the disk. */
  TestVhdx stored(int block, int slot) {
    int start = DATA + slot * MIB;
    pattern(start, MIB, block);
    int from = block * MIB;
    System.arraycopy(bytes.array(), start, disk, from, Math.min(MIB, disk.length - from));
    return entry(block, FULL, start / MIB);
  }

  /** Fills a stretch with sectors that all differ. */
  TestVhdx pattern(int start, int length, int seed) {
    for (int i = 0; i < length; i++) {
      bytes.put(start + i, (byte) (i * 7 + (i >> 9) * 13 + seed * 31 | 1));
    }
    return this;
  }

  /** Makes it a differencing image. */
  TestVhdx child(Map<String, String> locator) {
    item(5, "a8d35f2d-b30b-454d-abf7-d3d84834ab0c", LOCATOR, 4096, 4);
    u16(METADATA + 10, 6).u32(PARAMETERS + 4, 2);
    guid(LOCATOR, UUID.fromString("b04aefb7-d19e-4a81-b789-25b8e9445913"));
    u16(LOCATOR + 18, locator.size());
    int entry = 20;
    int text = 20 + 12 * locator.size();
    for (Map.Entry<String, String> e : locator.entrySet()) {
      byte[] key = e.getKey().getBytes(StandardCharsets.UTF_16LE);
      byte[] value = e.getValue().getBytes(StandardCharsets.UTF_16LE);
      bytes.put(LOCATOR + text, key).put(LOCATOR + text + key.length, value);
      u32(LOCATOR + entry, text).u32(LOCATOR + entry + 4, text + key.length);
      u16(LOCATOR + entry + 8, key.length).u16(LOCATOR + entry + 10, value.length);
      entry += 12;
      text += key.length + value.length;
    }
    return this;
  }

  /** A locator with a relative path beside the GUID that {@link #empty} images have. */
  static Map<String, String> locator(String relativePath) {
    var locator = new LinkedHashMap<String, String>();
    locator.put("parent_linkage", "{" + DATA_WRITE + "}");
    locator.put("relative_path", relativePath);
    return locator;
  }

  TestVhdx u16(int at, int value) {
    bytes.putShort(at, (short) value);
    return this;
  }

  TestVhdx u32(int at, long value) {
    bytes.putInt(at, (int) value);
    return this;
  }

  TestVhdx u64(int at, long value) {
    bytes.putLong(at, value);
    return this;
  }

  TestVhdx u8(int at, int value) {
    bytes.put(at, (byte) value);
    return this;
  }

  /** Changes a field of both headers. */
  TestVhdx headers16(int at, int value) {
    return u16(HEADER_1 + at, value).u16(HEADER_2 + at, value);
  }

  TestVhdx headers32(int at, long value) {
    return u32(HEADER_1 + at, value).u32(HEADER_2 + at, value);
  }

  TestVhdx headers64(int at, long value) {
    return u64(HEADER_1 + at, value).u64(HEADER_2 + at, value);
  }

  /** Changes a field of both region tables. */
  TestVhdx regions32(int at, long value) {
    return u32(REGIONS_1 + at, value).u32(REGIONS_2 + at, value);
  }

  TestVhdx regions64(int at, long value) {
    return u64(REGIONS_1 + at, value).u64(REGIONS_2 + at, value);
  }

  TestVhdx fill(int at, int length, int value) {
    Arrays.fill(bytes.array(), at, at + length, (byte) value);
    return this;
  }

  TestVhdx ascii(int at, String text) {
    bytes.put(at, text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  TestVhdx utf16(int at, String text) {
    bytes.put(at, text.getBytes(StandardCharsets.UTF_16LE));
    return this;
  }

  TestVhdx guid(int at, UUID guid) {
    ByteBuffer straight = ByteBuffer.allocate(16);
    straight.putLong(guid.getMostSignificantBits()).putLong(guid.getLeastSignificantBits());
    bytes.putInt(at, straight.getInt(0)).putShort(at + 4, straight.getShort(4));
    bytes.putShort(at + 6, straight.getShort(6)).put(at + 8, straight.array(), 8, 8);
    return this;
  }

  /** Says in both headers that the log holds entries. */
  TestVhdx dirty() {
    return guid(HEADER_1 + 48, LOG_GUID).guid(HEADER_2 + 48, LOG_GUID).sealed();
  }

  /** Computes the checksums of headers and region tables. */
  TestVhdx sealed() {
    return seal(HEADER_1, 4096).seal(HEADER_2, 4096).seal(REGIONS_1, 65536).seal(REGIONS_2, 65536);
  }

  TestVhdx seal(int at, int length) {
    bytes.putInt(at + 4, 0);
    return u32(at + 4, crc(bytes.array(), at, length));
  }

  static long crc(byte[] array, int at, int length) {
    var crc = new CRC32C();
    crc.update(array, at, length);
    return crc.getValue();
  }

  Path write(Path folder) throws IOException {
    return write(folder.resolve("a.vhdx"), bytes.capacity());
  }

  /** Writes the first {@code length} bytes, or zeros behind them, with holes for what is zero. */
  Path write(Path file, long length) throws IOException {
    Files.deleteIfExists(file);
    byte[] zeros = new byte[4096];
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(length);
      for (int at = 0; at < Math.min(length, bytes.capacity()); at += 4096) {
        int count = (int) Math.min(4096, Math.min(length, bytes.capacity()) - at);
        if (!Arrays.equals(bytes.array(), at, at + count, zeros, 0, count)) {
          out.seek(at);
          out.write(bytes.array(), at, count);
        }
      }
    }
    return file;
  }

  static DiskImage open(Path file) throws IOException {
    return Formats.open(file, Optional.empty(), ReferencePolicy.folder());
  }

  static byte[] content(DiskImage image) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) image.size());
    image.read(0, content);
    return content.array();
  }

  static List<String> extents(DiskImage image) throws IOException {
    var cursor = new ExtentCursor(image, 0, image.size());
    var found = new ArrayList<String>();
    for (Extent e = cursor.next(); e != null; e = cursor.next()) {
      found.add(
          switch (e) {
            case Extent.Data d -> d.start() + "+" + d.length() + " at " + d.sourceOffset();
            case Extent.Zero z -> z.start() + "+" + z.length() + (z.explicit() ? " zero" : " hole");
            case Extent.Encoded x -> "encoded";
          });
    }
    return found;
  }
}
