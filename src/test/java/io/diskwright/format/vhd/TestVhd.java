package io.diskwright.format.vhd;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.source.ReferencePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A VHD made field by field. The dynamic one has ten blocks of 4 KiB, the last half of which lies
 * beyond the disk; blocks 0, 3 and 9 are stored, out of order.
 */
final class TestVhd {

  static final int BLOCK = 4096;
  static final int DISK = 9 * BLOCK + 2048;
  static final int HEADER = 512;
  static final int TABLE = 1536;
  static final int DATA = 2048;

  private static final int BITMAP = 512;
  private static final int STORED = BITMAP + BLOCK;
  private static final int DYNAMIC_FOOTER = DATA + 3 * STORED;

  final ByteBuffer bytes;
  final byte[] disk;
  private final int footer;
  private final boolean dynamic;

  private TestVhd(ByteBuffer bytes, byte[] disk, int footer, boolean dynamic) {
    this.bytes = bytes;
    this.disk = disk;
    this.footer = footer;
    this.dynamic = dynamic;
  }

  static TestVhd fixed() {
    byte[] disk = pattern(new byte[DISK], 0, DISK, 1);
    ByteBuffer bytes = ByteBuffer.allocate(DISK + 512).put(disk);
    return new TestVhd(bytes, disk, DISK, false).footerFields(2, -1).sealed();
  }

  static TestVhd dynamic() {
    byte[] disk = new byte[DISK];
    ByteBuffer bytes = ByteBuffer.allocate(DYNAMIC_FOOTER + 512);
    var vhd = new TestVhd(bytes, disk, DYNAMIC_FOOTER, true).footerFields(3, HEADER);
    bytes.put(HEADER, "cxsparse".getBytes(StandardCharsets.US_ASCII));
    bytes.putLong(HEADER + 8, -1).putLong(HEADER + 16, TABLE).putInt(HEADER + 24, 0x10000);
    bytes.putInt(HEADER + 28, 10).putInt(HEADER + 32, BLOCK);
    Arrays.fill(bytes.array(), TABLE, DATA, (byte) 0xFF);
    return vhd.block(3, 0).block(0, 1).block(9, 2).sealed();
  }

  private TestVhd block(int index, int slot) {
    int start = DATA + slot * STORED;
    bytes.putInt(TABLE + 4 * index, start / 512);
    pattern(bytes.array(), start + BITMAP, BLOCK, index + 1);
    int length = Math.min(BLOCK, DISK - index * BLOCK);
    System.arraycopy(bytes.array(), start + BITMAP, disk, index * BLOCK, length);
    return this;
  }

  private static byte[] pattern(byte[] target, int start, int length, int seed) {
    for (int i = 0; i < length; i++) {
      target[start + i] = (byte) (i * 7 + (i >> 8) + seed * 31 | 1);
    }
    return target;
  }

  private TestVhd footerFields(int type, long dataOffset) {
    bytes.put(footer, "conectix".getBytes(StandardCharsets.US_ASCII));
    bytes.putInt(footer + 8, 2).putInt(footer + 12, 0x10000).putLong(footer + 16, dataOffset);
    bytes.putInt(footer + 24, 86_400);
    bytes.put(footer + 28, "vbox".getBytes(StandardCharsets.US_ASCII));
    bytes.putInt(footer + 32, 0x0007_0001);
    bytes.put(footer + 36, "Wi2k".getBytes(StandardCharsets.US_ASCII));
    bytes.putLong(footer + 40, DISK).putLong(footer + 48, DISK);
    // 76 sectors: one cylinder of 4 heads and 17 sectors
    bytes.putShort(footer + 56, (short) 1).put(footer + 58, (byte) 4).put(footer + 59, (byte) 17);
    bytes.putInt(footer + 60, type);
    return patchUuid();
  }

  private TestVhd patchUuid() {
    bytes.putLong(footer + 68, 0x0011223344556677L).putLong(footer + 76, 0x8899aabbccddeeffL);
    return this;
  }

  /** Where the footer at the end starts. */
  int footer() {
    return footer;
  }

  /** Changes bytes of the footer, and of its copy, before {@link #sealed}. */
  TestVhd footer32(int at, long value) {
    bytes.putInt(footer + at, (int) value);
    return this;
  }

  TestVhd footer64(int at, long value) {
    bytes.putLong(footer + at, value);
    return this;
  }

  TestVhd header32(int at, long value) {
    bytes.putInt(HEADER + at, (int) value);
    return this;
  }

  TestVhd header64(int at, long value) {
    bytes.putLong(HEADER + at, value);
    return this;
  }

  TestVhd entry(int index, long sector) {
    bytes.putInt(TABLE + 4 * index, (int) sector);
    return this;
  }

  TestVhd fill(int at, int length, int value) {
    Arrays.fill(bytes.array(), at, at + length, (byte) value);
    return this;
  }

  /** Computes all checksums and repeats the footer at the start of a dynamic image. */
  TestVhd sealed() {
    seal(footer, 512, 64);
    if (dynamic) {
      seal(HEADER, 1024, 36);
      bytes.put(0, bytes.array(), footer, 512);
    }
    return this;
  }

  TestVhd sealFooterOnly(int at) {
    seal(at, 512, 64);
    return this;
  }

  private void seal(int start, int length, int checksumAt) {
    bytes.putInt(start + checksumAt, 0);
    int sum = 0;
    for (int i = start; i < start + length; i++) {
      sum += bytes.get(i) & 0xFF;
    }
    bytes.putInt(start + checksumAt, ~sum);
  }

  Path write(Path folder) throws IOException {
    return Files.write(folder.resolve("a.vhd"), bytes.array());
  }

  /** The first {@code length} bytes only. */
  Path write(Path folder, int length) throws IOException {
    return Files.write(folder.resolve("a.vhd"), Arrays.copyOf(bytes.array(), length));
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
