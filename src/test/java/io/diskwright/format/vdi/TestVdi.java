package io.diskwright.format.vdi;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A VDI made field by field: ten blocks of 4 KiB, the last of which ends beyond the disk, whose
 * size is no multiple of 512. Blocks 0, 1, 4 and 9 are stored, 2 is zero, the others are free.
 */
final class TestVdi {

  static final int BLOCK = 4096;
  static final int DISK = 9 * BLOCK + 1001;
  static final int MAP = 512;
  static final int DATA = 1024;
  static final long FREE = 0xFFFF_FFFFL;
  static final long ZERO = 0xFFFF_FFFEL;

  final ByteBuffer bytes;
  final byte[] disk = new byte[DISK];
  private final int extra;
  private final int seed;

  private TestVdi(int extra, int seed, int blocks) {
    this.extra = extra;
    this.seed = seed;
    bytes = ByteBuffer.allocate(DATA + blocks * (extra + BLOCK)).order(ByteOrder.LITTLE_ENDIAN);
  }

  static TestVdi dynamic() {
    return with(0);
  }

  /** One whose blocks have bytes of their own before the data. */
  static TestVdi with(int extra) {
    return with(extra, 0, 4, 0, 1, 9).entry(2, ZERO);
  }

  /** One with other bytes in these blocks, the others free. */
  static TestVdi of(int seed, int... stored) {
    return with(0, seed, stored);
  }

  private static TestVdi with(int extra, int seed, int... stored) {
    TestVdi vdi = new TestVdi(extra, seed, stored.length);
    vdi.text(0, "<<< Oracle VM VirtualBox Disk Image >>>\n").put32(0x40, 0xBEDA107FL);
    vdi.put32(0x44, 0x0001_0001).put32(0x48, 400).put32(0x4C, 1).text(0x54, "my\ndisk");
    vdi.put32(0x154, MAP).put32(0x158, DATA);
    vdi.put32(0x15C, 7).put32(0x160, 16).put32(0x164, 63).put32(0x168, 512);
    vdi.put64(0x170, DISK).put32(0x178, BLOCK).put32(0x17C, extra);
    vdi.put32(0x180, 10).put32(0x184, stored.length);
    vdi.put64(0x188, 0x6677_4455_0011_2233L).put64(0x190, 0xffee_ddcc_bbaa_9988L);
    vdi.put64(0x198, 1);
    for (int i = 0; i < 10; i++) {
      vdi.entry(i, FREE);
    }
    for (int slot = 0; slot < stored.length; slot++) {
      vdi.block(stored[slot], slot);
    }
    return vdi;
  }

  /** Makes it the changes to the image with these UUIDs, of which only the low halves count. */
  TestVdi over(long create, long modify) {
    return put32(0x4C, 4).put64(0x1A8, 0).put64(0x1B0, create).put64(0x1B8, 0).put64(0x1C0, modify);
  }

  TestVdi uuids(long create, long modify) {
    return put64(0x188, 0).put64(0x190, create).put64(0x198, 0).put64(0x1A0, modify);
  }

  /** What the guest sees over a parent with these bytes. */
  byte[] over(byte[] parent) {
    byte[] result = disk.clone();
    for (int i = 0; i < 10; i++) {
      int start = i * BLOCK;
      if (bytes.getInt(MAP + 4 * i) == (int) FREE && start < parent.length) {
        int length = Math.min(BLOCK, Math.min(DISK, parent.length) - start);
        System.arraycopy(parent, start, result, start, length);
      }
    }
    return result;
  }

  private TestVdi block(int index, int slot) {
    int start = DATA + slot * (extra + BLOCK);
    Arrays.fill(bytes.array(), start, start + extra, (byte) 0xEE);
    for (int i = 0; i < BLOCK; i++) {
      bytes.put(start + extra + i, (byte) (i * 7 + (i >> 8) + (index + seed) * 31 | 1));
    }
    int length = Math.min(BLOCK, DISK - index * BLOCK);
    System.arraycopy(bytes.array(), start + extra, disk, index * BLOCK, length);
    return entry(index, slot);
  }

  TestVdi entry(int index, long block) {
    return put32(MAP + 4 * index, block);
  }

  TestVdi put32(int at, long value) {
    bytes.putInt(at, (int) value);
    return this;
  }

  TestVdi put64(int at, long value) {
    bytes.putLong(at, value);
    return this;
  }

  private TestVdi text(int at, String text) {
    bytes.put(at, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Path write(Path folder) throws IOException {
    return write(folder, bytes.capacity());
  }

  /** The first {@code length} bytes only. */
  Path write(Path folder, int length) throws IOException {
    return Files.write(folder.resolve("a.vdi"), Arrays.copyOf(bytes.array(), length));
  }

  Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes.array());
  }

  static DiskImage open(Path file) throws IOException {
    return Formats.open(file, Optional.empty(), ReferencePolicy.folder());
  }

  static byte[] content(DiskImage image) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) image.size());
    image.read(0, content);
    return content.array();
  }
}
