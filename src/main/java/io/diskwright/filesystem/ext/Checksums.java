package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The CRC32C of metadata, which starts from a seed and is not inverted at the end. The JDK's starts
 * at all ones: four bytes put in front bring it to any seed.
 */
final class Checksums {

  private static final int POLYNOMIAL = 0x82f63b78;
  private static final int[] TABLE = table();
  private static final int[] FORWARD = forward();

  /** Which entry of the table has a top byte; each has another. */
  private static final int[] BY_TOP = byTop();

  private final byte[] prefix;

  private Checksums(byte[] prefix) {
    this.prefix = prefix;
  }

  /** Checksums that go on from a seed. */
  static Checksums seeded(int seed) {
    return new Checksums(leadingTo(seed));
  }

  /** Checksums that go on from what these make of some numbers of four bytes. */
  Checksums after(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return seeded(of(bytes.flip()));
  }

  /** The checksum of the remaining bytes of each buffer, one after the other; none is changed. */
  int of(ByteBuffer... parts) {
    var crc = new CRC32C();
    crc.update(prefix, 0, prefix.length);
    for (ByteBuffer part : parts) {
      crc.update(part.duplicate());
    }
    return ~(int) crc.getValue();
  }

  /** The checksum of bytes that no seed is put before. */
  static int plain(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return ~(int) crc.getValue();
  }

  /** CRC-16 with the polynomial 0x8005, reflected: group descriptors before metadata_csum. */
  static int crc16(int start, byte[] bytes, int from, int to) {
    int crc = start;
    for (int i = from; i < to; i++) {
      crc ^= Byte.toUnsignedInt(bytes[i]);
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ 0xa001 : crc >>> 1;
      }
    }
    return crc;
  }

  /** CRC-32 with the polynomial 0x04c11db7, not reflected: transactions of old journals. */
  static int crc32(int start, byte[] bytes) {
    int crc = start;
    for (byte b : bytes) {
      crc = crc << 8 ^ FORWARD[crc >>> 24 ^ Byte.toUnsignedInt(b)];
    }
    return crc;
  }

  /** The checksum of the first bytes of a structure, in which its own counts as zero. */
  static int without(ByteView view, int length, int at, Checksums checksums) throws CorruptImage {
    byte[] bytes = view.bytes(0, length);
    Arrays.fill(bytes, at, at + 4, (byte) 0);
    return checksums.of(ByteBuffer.wrap(bytes));
  }

  /** Verifies a structure's own checksum. */
  static void verify(ByteView view, String field, int length, int at, Checksums checksums)
      throws CorruptImage {
    ExtVolume.verify(view, field, at, (int) view.u32(at), without(view, length, at, checksums));
  }

  private static int[] forward() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc < 0 ? crc << 1 ^ 0x04c11db7 : crc << 1;
      }
      table[i] = crc;
    }
    return table;
  }

  private static int[] byTop() {
    int[] indexes = new int[256];
    for (int i = 0; i < indexes.length; i++) {
      indexes[TABLE[i] >>> 24] = i;
    }
    return indexes;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
      }
      table[i] = crc;
    }
    return table;
  }

  /** The four bytes after which a register of all ones holds {@code target}. */
  private static byte[] leadingTo(int target) {
    int[] indexes = new int[4];
    int back = target;
    for (int i = 3; i >= 0; i--) {
      int index = BY_TOP[back >>> 24];
      indexes[i] = index;
      back = (back ^ TABLE[index]) << 8;
    }
    byte[] bytes = new byte[4];
    int register = ~0;
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) (register ^ indexes[i]);
      register = TABLE[indexes[i]] ^ register >>> 8;
    }
    return bytes;
  }
}
