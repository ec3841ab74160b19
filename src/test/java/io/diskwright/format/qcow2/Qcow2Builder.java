package io.diskwright.format.qcow2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes qcow2 images field by field: the header cluster, a refcount table and block, the L1 table,
 * then what is added, in that order. Patches come last and may make anything wrong.
 */
final class Qcow2Builder {

  static final long COPIED = 1L << 63;
  static final long COMPRESSED = 1L << 62;

  private final int version;
  private final int clusterBits;
  private final int cluster;
  private final boolean extended;
  private final long l2Entries;
  private final long size;
  private final int l1Size;
  private final long l1Offset;
  private final List<byte[]> extensions = new ArrayList<>();
  private final TreeMap<Long, Long> l1 = new TreeMap<>();
  private final List<Patch> patches = new ArrayList<>();
  private byte[] backingName = new byte[0];
  private boolean endMarker = true;
  private int headerLength = 104;
  private long incompatible;
  private int compressionType;
  private byte[] file;
  private long end;

  private record Patch(long at, byte[] bytes) {}

  private Qcow2Builder(int version, int clusterBits, long size, boolean extended) {
    this.version = version;
    this.clusterBits = clusterBits;
    this.cluster = 1 << clusterBits;
    this.size = size;
    this.extended = extended;
    this.l2Entries = cluster / (extended ? 16 : 8);
    long perTable = l2Entries * cluster;
    this.l1Size = (int) ((size + perTable - 1) / perTable);
    this.l1Offset = 3L * cluster;
    this.file = new byte[4 * cluster];
    this.end = l1Offset + 8L * l1Size;
    align();
    grow(end);
    if (extended) {
      incompatible |= 1 << 4;
    }
    putLong(cluster, 2L * cluster);
  }

  static Qcow2Builder v2(int clusterBits, long size) {
    return new Qcow2Builder(2, clusterBits, size, false);
  }

  static Qcow2Builder v3(int clusterBits, long size) {
    return new Qcow2Builder(3, clusterBits, size, false);
  }

  static Qcow2Builder extended(int clusterBits, long size) {
    return new Qcow2Builder(3, clusterBits, size, true);
  }

  int cluster() {
    return cluster;
  }

  long l1Offset() {
    return l1Offset;
  }

  /** Where the next thing added will lie. */
  long end() {
    return end;
  }

  Qcow2Builder zstd() {
    headerLength = 112;
    compressionType = 1;
    incompatible |= 1 << 3;
    return this;
  }

  Qcow2Builder incompatible(long bits) {
    incompatible |= bits;
    return this;
  }

  Qcow2Builder backing(String name) {
    return backing(name.getBytes(StandardCharsets.UTF_8));
  }

  Qcow2Builder backing(byte[] name) {
    backingName = name;
    return this;
  }

  Qcow2Builder backing(String name, String format) {
    return backing(name).extension(0xe2792aca, format.getBytes(StandardCharsets.UTF_8));
  }

  Qcow2Builder extension(int type, byte[] data) {
    extensions.add(
        ByteBuffer.allocate(8 + (data.length + 7) / 8 * 8)
            .putInt(type)
            .putInt(data.length)
            .put(data)
            .array());
    return this;
  }

  /** Leaves out the extension that ends the area, as early qemu did. */
  Qcow2Builder noEndMarker() {
    endMarker = false;
    return this;
  }

  /** A data cluster; the bytes are padded with zeros. */
  Qcow2Builder data(long guestCluster, byte[] bytes) {
    entryOffset(guestCluster);
    align();
    long at = append(Arrays.copyOf(bytes, cluster));
    return entry(guestCluster, at | COPIED);
  }

  /** A compressed cluster at the end of the file as it is; its entry spans whole sectors. */
  Qcow2Builder compressed(long guestCluster, byte[] stream) {
    entryOffset(guestCluster);
    long at = append(stream);
    return entry(guestCluster, compressedEntry(at, stream.length));
  }

  /** The L2 entry of a stream. */
  long compressedEntry(long at, int length) {
    long sectors = ((at + length - 1) / 512) - at / 512;
    return COMPRESSED | sectors << (62 - (clusterBits - 8)) | at;
  }

  /** An L2 entry as it stands. */
  Qcow2Builder entry(long guestCluster, long entry) {
    putLong(entryOffset(guestCluster), entry);
    return this;
  }

  Qcow2Builder bitmap(long guestCluster, long bitmap) {
    putLong(entryOffset(guestCluster) + 8, bitmap);
    return this;
  }

  /** Where the L2 entry of a guest cluster stands; its table is made when there is none. */
  long entryOffset(long guestCluster) {
    long index = guestCluster / l2Entries;
    Long table = l1.get(index);
    if (table == null) {
      align();
      table = append(new byte[cluster]);
      l1.put(index, table);
      putLong(l1Offset + 8 * index, table | COPIED);
    }
    return table + guestCluster % l2Entries * (extended ? 16 : 8);
  }

  /** Appends bytes at the next cluster boundary. */
  long cluster(byte[] bytes) {
    align();
    return append(bytes);
  }

  Qcow2Builder u8(long at, int value) {
    patches.add(new Patch(at, new byte[] {(byte) value}));
    return this;
  }

  Qcow2Builder u32(long at, long value) {
    patches.add(new Patch(at, ByteBuffer.allocate(4).putInt((int) value).array()));
    return this;
  }

  Qcow2Builder u64(long at, long value) {
    patches.add(new Patch(at, ByteBuffer.allocate(8).putLong(value).array()));
    return this;
  }

  byte[] build() {
    ByteBuffer header = ByteBuffer.wrap(file);
    header.putInt(0x514649fb).putInt(version).putLong(0).putInt(0);
    header.putInt(clusterBits).putLong(size).putInt(0).putInt(l1Size);
    header.putLong(l1Size == 0 ? 0 : l1Offset).putLong(cluster).putInt(1).putInt(0).putLong(0);
    if (version >= 3) {
      header.putLong(incompatible).putLong(0).putLong(0).putInt(4).putInt(headerLength);
      header.put(104, (byte) compressionType).position(headerLength);
    }
    extensions.forEach(header::put);
    if (endMarker) {
      header.putLong(0);
    }
    if (backingName.length > 0) {
      header.putLong(8, header.position()).putInt(16, backingName.length).put(backingName);
    }
    byte[] image = Arrays.copyOf(file, (int) end);
    for (Patch patch : patches) {
      if (patch.at + patch.bytes.length > image.length) {
        image = Arrays.copyOf(image, (int) patch.at + patch.bytes.length);
      }
      System.arraycopy(patch.bytes, 0, image, (int) patch.at, patch.bytes.length);
    }
    return image;
  }

  Path writeTo(Path path) {
    return write(path, build());
  }

  /** Writes only the first bytes. */
  Path truncatedTo(Path path, long length) {
    return write(path, Arrays.copyOf(build(), (int) length));
  }

  private static Path write(Path path, byte[] bytes) {
    try {
      return Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void align() {
    end = (end + cluster - 1) / cluster * cluster;
  }

  private long append(byte[] bytes) {
    long at = end;
    grow(at + bytes.length);
    System.arraycopy(bytes, 0, file, (int) at, bytes.length);
    end = at + bytes.length;
    return at;
  }

  private void grow(long length) {
    if (length > file.length) {
      file = Arrays.copyOf(file, (int) Math.max(length, 2L * file.length));
    }
  }

  private void putLong(long at, long value) {
    ByteBuffer.wrap(file).putLong((int) at, value);
  }
}
