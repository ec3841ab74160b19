package io.diskwright.format.qed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes QED images field by field: header cluster, L1 table, then what is added. */
final class QedBuilder {

  private final int cluster;
  private final int tableSize;
  private final int perTable;
  private byte[] file;

  QedBuilder(int cluster, int tableSize, long size) {
    this.cluster = cluster;
    this.tableSize = tableSize;
    this.perTable = cluster * tableSize / 8;
    this.file = new byte[cluster * (1 + tableSize)];
    view().putInt(0x00444551).putInt(cluster).putInt(tableSize).putInt(1);
    u64(40, cluster).u64(48, size);
  }

  QedBuilder features(long bits) {
    return u64(16, bits);
  }

  QedBuilder backing(String name, boolean raw) {
    return backing(name.getBytes(StandardCharsets.UTF_8), raw);
  }

  QedBuilder backing(byte[] name, boolean raw) {
    System.arraycopy(name, 0, file, 64, name.length);
    return features(raw ? 5 : 1).u32(56, 64).u32(60, name.length);
  }

  int l1Offset() {
    return cluster;
  }

  int end() {
    return file.length;
  }

  QedBuilder data(long guestCluster, byte[] bytes) {
    int at = entryOffset(guestCluster);
    return u64(at, append(Arrays.copyOf(bytes, cluster)));
  }

  QedBuilder entry(long guestCluster, long entry) {
    return u64(entryOffset(guestCluster), entry);
  }

  /** Where the L2 entry of a guest cluster stands; its table is made when there is none. */
  int entryOffset(long guestCluster) {
    int at = l1Offset() + 8 * (int) (guestCluster / perTable);
    if (view().getLong(at) == 0) {
      u64(at, append(new byte[cluster * tableSize]));
    }
    return (int) view().getLong(at) + 8 * (int) (guestCluster % perTable);
  }

  QedBuilder u64(int at, long value) {
    view().putLong(at, value);
    return this;
  }

  QedBuilder u32(int at, long value) {
    view().putInt(at, (int) value);
    return this;
  }

  Path writeTo(Path path) {
    return truncatedTo(path, file.length);
  }

  Path truncatedTo(Path path, int length) {
    try {
      return Files.write(path, Arrays.copyOf(file, length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long append(byte[] bytes) {
    int at = file.length;
    file = Arrays.copyOf(file, at + bytes.length);
    System.arraycopy(bytes, 0, file, at, bytes.length);
    return at;
  }

  private ByteBuffer view() {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }
}
