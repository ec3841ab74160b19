package io.diskwright.format.qcow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Writes qcow images field by field: header, backing file name, L1 table, then what is added. */
final class QcowBuilder {

  static final long COMPRESSED = 1L << 63;

  private final int clusterBits;
  private final int l2Bits;
  private final int l1Offset;
  private byte[] file;

  QcowBuilder(int clusterBits, int l2Bits, long size) {
    this(clusterBits, l2Bits, size, "");
  }

  QcowBuilder(int clusterBits, int l2Bits, long size, String backing) {
    this(clusterBits, l2Bits, size, backing.getBytes(StandardCharsets.UTF_8));
  }

  QcowBuilder(int clusterBits, int l2Bits, long size, byte[] backing) {
    this.clusterBits = clusterBits;
    this.l2Bits = l2Bits;
    this.l1Offset = 48 + (backing.length + 7) / 8 * 8;
    long covered = (long) cluster() << l2Bits;
    this.file = new byte[l1Offset + 8 * (int) ((size + covered - 1) / covered)];
    ByteBuffer header = ByteBuffer.wrap(file).putInt(0x514649fb).putInt(1);
    header.putLong(backing.length == 0 ? 0 : 48).putInt(backing.length).putInt(0).putLong(size);
    header.put((byte) clusterBits).put((byte) l2Bits).putShort((short) 0).putInt(0);
    header.putLong(l1Offset).put(backing);
  }

  int cluster() {
    return 1 << clusterBits;
  }

  int l1Offset() {
    return l1Offset;
  }

  int end() {
    return file.length;
  }

  /** A cluster as it is, at the next multiple of the cluster size. */
  QcowBuilder data(long guestCluster, byte[] bytes) {
    int at = entryOffset(guestCluster);
    align();
    return u64(at, append(Arrays.copyOf(bytes, cluster())));
  }

  /** A compressed cluster, right where the file ends. */
  QcowBuilder compressed(long guestCluster, byte[] stream) {
    int at = entryOffset(guestCluster);
    return u64(at, compressedEntry(append(stream), stream.length));
  }

  long compressedEntry(long offset, int length) {
    return COMPRESSED | (long) length << (63 - clusterBits) | offset;
  }

  /** Where the L2 entry of a guest cluster stands; its table is made when there is none. */
  int entryOffset(long guestCluster) {
    int at = l1Offset + 8 * (int) (guestCluster >> l2Bits);
    if (ByteBuffer.wrap(file).getLong(at) == 0) {
      align();
      u64(at, append(new byte[8 << l2Bits]));
    }
    return (int) ByteBuffer.wrap(file).getLong(at) + 8 * (int) (guestCluster & (1 << l2Bits) - 1);
  }

  QcowBuilder u64(int at, long value) {
    ByteBuffer.wrap(file).putLong(at, value);
    return this;
  }

  QcowBuilder u32(int at, long value) {
    ByteBuffer.wrap(file).putInt(at, (int) value);
    return this;
  }

  QcowBuilder u8(int at, int value) {
    file[at] = (byte) value;
    return this;
  }

  byte[] build() {
    return file.clone();
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

  static byte[] deflate(byte[] bytes) {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length * 2 + 64];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  private void align() {
    file = Arrays.copyOf(file, (file.length + cluster() - 1) / cluster() * cluster());
  }

  private long append(byte[] bytes) {
    int at = file.length;
    file = Arrays.copyOf(file, at + bytes.length);
    System.arraycopy(bytes, 0, file, at, bytes.length);
    return at;
  }
}
