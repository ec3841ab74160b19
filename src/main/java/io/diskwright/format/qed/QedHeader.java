package io.diskwright.format.qed;

import io.diskwright.format.TwoLevelMap.Shape;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;

/**
 * The image header.
 *
 * @param clusterSize bytes, a power of two from 4 KiB to 64 MiB
 * @param tableSize clusters of an L1 or L2 table, a power of two from 1 to 16
 * @param headerSize clusters of the header and what belongs to it, at least 1
 * @param features {@link #BACKING_FILE}, {@link #NEED_CHECK}, {@link #BACKING_FORMAT_NO_PROBE}
 * @param l1TableOffset bytes from the start of the file, a multiple of the cluster size
 * @param imageSize bytes the guest sees, whole sectors
 * @param backingFilenameOffset bytes from the start of the file, in the header's clusters
 * @param backingFilenameSize bytes, up to 1,023
 */
record QedHeader(
    int clusterSize,
    int tableSize,
    long headerSize,
    long features,
    long l1TableOffset,
    long imageSize,
    long backingFilenameOffset,
    int backingFilenameSize) {

  static final String NAME = "QED header";
  static final String MAGIC = "QED\0";
  static final int LENGTH = 64;

  static final long BACKING_FILE = 1;
  static final long NEED_CHECK = 2;
  static final long BACKING_FORMAT_NO_PROBE = 4;

  static final int FEATURES_AT = 16;
  static final int L1_TABLE_OFFSET_AT = 40;

  private static final int CLUSTER_SIZE_AT = 4;
  private static final int TABLE_SIZE_AT = 8;
  private static final int HEADER_SIZE_AT = 12;
  private static final int IMAGE_SIZE_AT = 48;
  private static final int BACKING_FILENAME_OFFSET_AT = 56;
  private static final int BACKING_FILENAME_SIZE_AT = 60;

  private static final int MIN_CLUSTER_SIZE = 1 << 12;
  private static final int MAX_CLUSTER_SIZE = 1 << 26;
  private static final int MAX_TABLE_SIZE = 16;
  private static final int SECTOR = 512;
  private static final int MAX_NAME = 1023;

  /**
   * Reads the header and checks every field that can be judged by itself.
   *
   * @param view the first {@link #LENGTH} bytes of the file
   */
  static QedHeader parse(ByteView view) throws ImageException {
    if (!view.startsWith(0, MAGIC)) {
      throw view.corrupt("magic", 0, "other bytes", "'QED' and 0");
    }
    long features = view.u64(FEATURES_AT);
    long unknown = features & ~(BACKING_FILE | NEED_CHECK | BACKING_FORMAT_NO_PROBE);
    if (unknown != 0) {
      throw view.unsupported(
          "features",
          FEATURES_AT,
          String.format(Locale.ROOT, "unknown bits 0x%x", unknown),
          "bits 0 to 2");
    }
    int clusterSize =
        powerOfTwo(view, "cluster_size", CLUSTER_SIZE_AT, MIN_CLUSTER_SIZE, MAX_CLUSTER_SIZE);
    int tableSize = powerOfTwo(view, "table_size", TABLE_SIZE_AT, 1, MAX_TABLE_SIZE);
    long headerSize = view.u32(HEADER_SIZE_AT);
    if (headerSize == 0) {
      throw view.corrupt("header_size", HEADER_SIZE_AT, "0", "at least 1 cluster");
    }
    var header =
        new QedHeader(
            clusterSize,
            tableSize,
            headerSize,
            features,
            view.u64(L1_TABLE_OFFSET_AT),
            view.u64(IMAGE_SIZE_AT),
            view.u32(BACKING_FILENAME_OFFSET_AT),
            (features & BACKING_FILE) == 0 ? 0 : nameLength(view));
    header.checkSize(view);
    header.checkName(view);
    return header;
  }

  /** How guest offsets are split. */
  Shape shape() {
    int clusterBits = Integer.numberOfTrailingZeros(clusterSize);
    return new Shape(clusterBits, Long.numberOfTrailingZeros(tableBytes() / Long.BYTES));
  }

  /** Bytes of an L1 or L2 table. */
  long tableBytes() {
    return (long) clusterSize * tableSize;
  }

  /** Bytes before the first cluster that is no part of the header. */
  long headerBytes() {
    return headerSize * clusterSize;
  }

  /** Whether the image was not closed cleanly. */
  boolean needCheck() {
    return (features & NEED_CHECK) != 0;
  }

  /** The backing file's format; empty when it is to be recognised by content. */
  Optional<String> backingFormat() {
    return (features & BACKING_FORMAT_NO_PROBE) != 0 ? Optional.of("raw") : Optional.empty();
  }

  /** The backing file's name; empty when there is none. */
  Optional<String> backingFile(ByteSource source) throws IOException {
    if (backingFilenameSize == 0) {
      return Optional.empty();
    }
    ByteView view =
        source.view(
            "QED backing file name",
            backingFilenameOffset,
            backingFilenameSize,
            ByteOrder.LITTLE_ENDIAN);
    return Optional.of(view.fileName(0, backingFilenameSize));
  }

  private static int powerOfTwo(ByteView view, String field, int at, int min, int max)
      throws CorruptImage {
    long value = view.u32(at);
    if (value < min || value > max || Long.bitCount(value) != 1) {
      throw view.corrupt(
          field, at, Fault.number(value), "powers of two from " + min + " to " + max);
    }
    return (int) value;
  }

  /** Only read with a backing file: an image that uses one has a name for it. */
  private static int nameLength(ByteView view) throws CorruptImage {
    long length = view.u32(BACKING_FILENAME_SIZE_AT);
    if (length == 0 || length > MAX_NAME) {
      throw view.corrupt(
          "backing_filename_size",
          BACKING_FILENAME_SIZE_AT,
          Fault.number(length),
          "1 to " + MAX_NAME + " bytes");
    }
    return (int) length;
  }

  /** The L1 table, of the same length as an L2 table, must have an entry for each part. */
  private void checkSize(ByteView view) throws CorruptImage {
    long entries = tableBytes() / Long.BYTES;
    if (imageSize < 0 || imageSize % SECTOR != 0 || shape().l1EntriesFor(imageSize) > entries) {
      throw view.corrupt(
          "image_size",
          IMAGE_SIZE_AT,
          Fault.number(imageSize),
          "multiples of "
              + SECTOR
              + " that an L1 table of "
              + Fault.number(entries)
              + " entries covers");
    }
  }

  private void checkName(ByteView view) throws CorruptImage {
    if (backingFilenameSize > 0
        && (backingFilenameOffset < LENGTH
            || backingFilenameOffset > headerBytes() - backingFilenameSize)) {
      throw view.corrupt(
          "backing_filename_offset",
          BACKING_FILENAME_OFFSET_AT,
          Fault.number(backingFilenameOffset),
          LENGTH + " to the end of the header's " + Fault.number(headerBytes()) + " bytes");
    }
  }
}
