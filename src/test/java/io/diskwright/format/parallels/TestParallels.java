package io.diskwright.format.parallels;

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
 * An expanding image made field by field: ten clusters of 3.5 KiB, seven sectors, the last of which
 * ends beyond the disk. Clusters 3, 0 and 9 are stored, in this order, then the format extension.
 */
final class TestParallels {

  static final int CLUSTER = 7 * 512;
  static final int DISK = 9 * CLUSTER + 1024;
  static final int TABLE = 64;

  final ByteBuffer bytes;
  final byte[] disk = new byte[DISK];
  private final int data;
  private final int unit;

  private TestParallels(String magic, int data, int unit) {
    this.data = data;
    this.unit = unit;
    bytes = ByteBuffer.allocate(data + 4 * CLUSTER).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, magic.getBytes(StandardCharsets.US_ASCII));
    put32(16, 2).put32(20, 16).put32(24, 5).put32(28, 7).put32(32, 10).put64(36, DISK / 512);
    put32(44, 0x312E3276).cluster(3, 0).cluster(0, 1).cluster(9, 2);
  }

  /** The table counts sectors; clusters start at the first sector after it. */
  static TestParallels old() {
    return new TestParallels("WithoutFreeSpace", 512, 512).put32(48, 1);
  }

  /** The table counts clusters. */
  static TestParallels extended() {
    return new TestParallels("WithouFreSpacExt", CLUSTER, CLUSTER).put32(48, 7);
  }

  private TestParallels cluster(int index, int slot) {
    int start = data + slot * CLUSTER;
    for (int i = 0; i < CLUSTER; i++) {
      bytes.put(start + i, (byte) (i * 7 + (i >> 8) + index * 31 | 1));
    }
    int length = Math.min(CLUSTER, DISK - index * CLUSTER);
    System.arraycopy(bytes.array(), start, disk, index * CLUSTER, length);
    return entry(index, start / unit);
  }

  /** The format extension in the last cluster, with sections of these features. */
  TestParallels extension(long magic, long... features) {
    int at = data + 3 * CLUSTER;
    put64(56, at / 512).put64(at, magic);
    at += 24;
    for (long feature : features) {
      // data of five bytes, padded to eight
      put64(at, feature).put32(at + 16, 5);
      at += 24 + 8;
    }
    return this;
  }

  TestParallels entry(int index, long value) {
    return put32(TABLE + 4 * index, value);
  }

  TestParallels put32(int at, long value) {
    bytes.putInt(at, (int) value);
    return this;
  }

  TestParallels put64(int at, long value) {
    bytes.putLong(at, value);
    return this;
  }

  /** Where the format extension starts, in bytes. */
  int extensionAt() {
    return data + 3 * CLUSTER;
  }

  Path write(Path file) throws IOException {
    return Files.write(file, bytes.array());
  }

  Path write(Path file, int length) throws IOException {
    return Files.write(file, Arrays.copyOf(bytes.array(), length));
  }

  static DiskImage open(Path file) throws IOException {
    return Formats.open(file, Optional.empty(), ReferencePolicy.folder());
  }

  static ByteBuffer content(DiskImage image) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) image.size());
    image.read(0, content);
    return content.flip();
  }
}
