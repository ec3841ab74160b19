package io.diskwright.format.qcow;

import io.diskwright.format.TwoLevelMap.Shape;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The image header. Offsets and sizes are bytes.
 *
 * @param backingFileOffset where the backing file's name stands; 0 for none
 * @param backingFileSize bytes of the name, up to 1,023
 * @param size bytes the guest sees, at least 1
 * @param clusterBits log2 of the cluster size, 9 to 16
 * @param l2Bits log2 of the entries of an L2 table, 6 to 13
 * @param l1TableOffset behind the header
 */
record QcowHeader(
    long backingFileOffset,
    int backingFileSize,
    long size,
    int clusterBits,
    int l2Bits,
    long l1TableOffset) {

  static final String NAME = "qcow header";
  static final String MAGIC_AND_VERSION = "QFI\u00fb\0\0\0\u0001";
  static final int LENGTH = 48;
  static final int L1_TABLE_OFFSET_AT = 40;
  static final int SIZE_AT = 24;

  private static final int BACKING_FILE_OFFSET_AT = 8;
  private static final int BACKING_FILE_SIZE_AT = 16;
  private static final int CLUSTER_BITS_AT = 32;
  private static final int L2_BITS_AT = 33;
  private static final int CRYPT_METHOD_AT = 36;

  private static final int MAX_NAME = 1023;
  private static final int MIN_CLUSTER_BITS = 9;
  private static final int MAX_CLUSTER_BITS = 16;
  private static final int ENTRY_BITS = 3;
  private static final int AES = 1;

  /**
   * Reads the header and checks every field that can be judged by itself.
   *
   * @param view the first {@link #LENGTH} bytes of the file
   */
  static QcowHeader parse(ByteView view) throws ImageException {
    if (!view.startsWith(0, MAGIC_AND_VERSION)) {
      throw view.corrupt("magic", 0, "other bytes", "'QFI', 0xfb and version 1");
    }
    refuseEncryption(view);
    long size = view.u64(SIZE_AT);
    if (size < 1) {
      throw view.corrupt("size", SIZE_AT, Fault.number(size), "1 to 2^63-1 bytes");
    }
    long l1TableOffset = view.u64(L1_TABLE_OFFSET_AT);
    if (l1TableOffset < LENGTH) {
      throw view.corrupt(
          "l1_table_offset",
          L1_TABLE_OFFSET_AT,
          Fault.number(l1TableOffset),
          "at least " + LENGTH + ", behind the header");
    }
    return new QcowHeader(
        backingFileOffset(view),
        backingFileSize(view),
        size,
        bits(view, "cluster_bits", CLUSTER_BITS_AT, 0),
        bits(view, "l2_bits", L2_BITS_AT, ENTRY_BITS),
        l1TableOffset);
  }

  /** How guest offsets are split. */
  Shape shape() {
    return new Shape(clusterBits, l2Bits);
  }

  /** The backing file's name; empty when there is none. */
  Optional<String> backingFile(ByteSource source) throws IOException {
    if (backingFileOffset == 0 || backingFileSize == 0) {
      return Optional.empty();
    }
    ByteView view =
        source.view(
            "qcow backing file name", backingFileOffset, backingFileSize, ByteOrder.BIG_ENDIAN);
    return Optional.of(view.fileName(0, backingFileSize));
  }

  private static void refuseEncryption(ByteView view) throws ImageException {
    long method = view.u32(CRYPT_METHOD_AT);
    if (method != 0) {
      throw view.unsupported(
          "crypt_method",
          CRYPT_METHOD_AT,
          "encryption with " + (method == AES ? "AES" : "unknown method " + method),
          "images that are not encrypted");
    }
  }

  private static long backingFileOffset(ByteView view) throws CorruptImage {
    long offset = view.u64(BACKING_FILE_OFFSET_AT);
    if (offset != 0 && offset < LENGTH) {
      throw view.corrupt(
          "backing_file_offset",
          BACKING_FILE_OFFSET_AT,
          Fault.number(offset),
          "0, or at least " + LENGTH + ", behind the header");
    }
    return offset;
  }

  /** The length means nothing without an offset. */
  private static int backingFileSize(ByteView view) throws CorruptImage {
    if (view.u64(BACKING_FILE_OFFSET_AT) == 0) {
      return 0;
    }
    long length = view.u32(BACKING_FILE_SIZE_AT);
    if (length > MAX_NAME) {
      throw view.corrupt(
          "backing_file_size",
          BACKING_FILE_SIZE_AT,
          Fault.number(length),
          "up to " + MAX_NAME + " bytes");
    }
    return (int) length;
  }

  /** A cluster and an L2 table take 512 bytes to 64 KiB each. */
  private static int bits(ByteView view, String field, int at, int unit) throws CorruptImage {
    int bits = view.u8(at);
    if (bits < MIN_CLUSTER_BITS - unit || bits > MAX_CLUSTER_BITS - unit) {
      throw view.corrupt(
          field,
          at,
          Fault.number(bits),
          (MIN_CLUSTER_BITS - unit) + " to " + (MAX_CLUSTER_BITS - unit));
    }
    return bits;
  }
}
