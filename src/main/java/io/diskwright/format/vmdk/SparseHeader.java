package io.diskwright.format.vmdk;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * The header of a hosted sparse extent ({@code SparseExtentHeader}), and its repetition in a
 * stream's footer. What can be judged without the file around it has been judged.
 *
 * @param at where it was read, in bytes
 * @param version 1 to 3
 * @param flags only known ones
 * @param capacity sectors of the disk this extent holds
 * @param grainSize sectors of a grain, a power of two
 * @param descriptorOffset sector of the embedded descriptor, 0 when there is none
 * @param descriptorSize sectors of the embedded descriptor
 * @param numGTEsPerGT entries of a grain table
 * @param rgdOffset sector of the redundant grain directory
 * @param gdOffset sector of the grain directory, or {@link #GD_AT_END}
 * @param overHead sectors of the metadata before the first grain
 * @param uncleanShutdown not closed by its last writer
 * @param compressAlgorithm 0 or {@link #DEFLATE}
 */
record SparseHeader(
    long at,
    int version,
    long flags,
    long capacity,
    long grainSize,
    long descriptorOffset,
    long descriptorSize,
    int numGTEsPerGT,
    long rgdOffset,
    long gdOffset,
    long overHead,
    boolean uncleanShutdown,
    int compressAlgorithm) {

  /** Bytes of the header, one sector. */
  static final int SIZE = 512;

  /** The first four bytes. */
  static final String MAGIC = "KDMV";

  /** The grain directory follows the grains; the footer says where. */
  static final long GD_AT_END = -1;

  /** The only compression the format has. */
  static final int DEFLATE = 1;

  private static final int MAX_VERSION = 3;
  static final long VALID_NEWLINE_TEST = 1;
  static final long REDUNDANT_GD = 1 << 1;
  static final long ZEROED_GRAINS = 1 << 2;
  static final long COMPRESSED = 1 << 16;
  static final long MARKERS = 1 << 17;
  private static final int GTES_PER_GT = 512;

  private static final int VERSION_AT = 4;
  static final int FLAGS_AT = 8;
  static final int CAPACITY_AT = 12;
  static final int GRAIN_SIZE_AT = 20;
  static final int DESCRIPTOR_OFFSET_AT = 28;
  private static final int DESCRIPTOR_SIZE_AT = 36;
  private static final int NUM_GTES_AT = 44;
  private static final int RGD_OFFSET_AT = 48;
  private static final int GD_OFFSET_AT = 56;
  private static final int OVER_HEAD_AT = 64;
  private static final int UNCLEAN_AT = 72;
  static final int NEWLINES_AT = 73;
  static final int COMPRESS_AT = 77;

  /**
   * Reads the header at a place of a file.
   *
   * @param structure {@code sparse extent header} or {@code stream footer}
   * @param offset bytes from the start of the file
   */
  static SparseHeader read(ByteSource file, String structure, long offset) throws IOException {
    return parse(file.view(structure, offset, SIZE, ByteOrder.LITTLE_ENDIAN));
  }

  /** Reads {@link #SIZE} bytes. */
  static SparseHeader parse(ByteView view) throws ImageException {
    if (!view.startsWith(0, MAGIC)) {
      throw view.corrupt("magicNumber", 0, "no '" + MAGIC + "'", "'" + MAGIC + "'");
    }
    long version = view.u32(VERSION_AT);
    if (version < 1 || version > MAX_VERSION) {
      throw view.unsupported("version", VERSION_AT, Fault.number(version), "1 to " + MAX_VERSION);
    }
    var header =
        new SparseHeader(
            view.offset(),
            (int) version,
            view.u32(FLAGS_AT),
            view.u64(CAPACITY_AT),
            view.u64(GRAIN_SIZE_AT),
            view.u64(DESCRIPTOR_OFFSET_AT),
            view.u64(DESCRIPTOR_SIZE_AT),
            numGTEsPerGT(view),
            view.u64(RGD_OFFSET_AT),
            view.u64(GD_OFFSET_AT),
            view.u64(OVER_HEAD_AT),
            view.u8(UNCLEAN_AT) != 0,
            view.u16(COMPRESS_AT));
    SparseHeaderRules.check(header, view);
    return header;
  }

  private static int numGTEsPerGT(ByteView view) throws ImageException {
    long entries = view.u32(NUM_GTES_AT);
    if (entries != GTES_PER_GT) {
      // Any other number would shift every grain after the first table, and none is known in use.
      throw view.unsupported(
          "numGTEsPerGT", NUM_GTES_AT, Fault.number(entries), Integer.toString(GTES_PER_GT));
    }
    return GTES_PER_GT;
  }

  /**
   * Checks that the metadata the header counts is inside the file.
   *
   * @param file the one the header is from
   */
  void requireInside(ByteSource file) throws CorruptImage {
    long sectors = file.size() / Sectors.SIZE;
    if (descriptorOffset < 0
        || descriptorSize < 0
        || descriptorOffset > sectors
        || descriptorSize > sectors - descriptorOffset) {
      throw outside(
          file,
          "descriptorOffset and descriptorSize",
          DESCRIPTOR_OFFSET_AT,
          Fault.number(descriptorOffset) + " and " + Fault.number(descriptorSize));
    }
    if (overHead < 0 || overHead > sectors) {
      throw outside(file, "overHead", OVER_HEAD_AT, Fault.number(overHead));
    }
  }

  private CorruptImage outside(ByteSource file, String field, int fieldAt, String found) {
    return new CorruptImage(
        file.describe(),
        "sparse extent header " + field,
        at + fieldAt,
        found + " sectors, past the end",
        "inside the file's " + Fault.number(file.size()) + " bytes",
        "The file is truncated or damaged; copy or export it again");
  }

  /** Whether there is room for an embedded descriptor. */
  boolean hasDescriptor() {
    return descriptorSize != 0;
  }

  /** Whether the grains are compressed, each behind its own marker. */
  boolean compressed() {
    return (flags & COMPRESSED) != 0;
  }

  /** Whether a grain table entry of 1 means a grain of zeros. */
  boolean zeroedGrains() {
    return (flags & ZEROED_GRAINS) != 0;
  }

  /** Whether {@link #rgdOffset} is that of a second copy of the grain directory. */
  boolean redundantDirectory() {
    return (flags & REDUNDANT_GD) != 0;
  }

  /** Whether only the footer knows where the grain directory is. */
  boolean directoryAtEnd() {
    return gdOffset == GD_AT_END;
  }

  /** Bytes of a grain. */
  int grainBytes() {
    return (int) Sectors.toBytes(grainSize);
  }

  /** Bytes of a marker and of the longest compressed grain that is believed. */
  int maxEncoded() {
    return 2 * grainBytes() + Sectors.SIZE;
  }

  /** How many grains the extent has; the last may be cut by the capacity. */
  long grains() {
    return (capacity + grainSize - 1) / grainSize;
  }

  /** How many entries the grain directory has. */
  long directoryEntries() {
    return (grains() + numGTEsPerGT - 1) / numGTEsPerGT;
  }

  /**
   * How many entries of a grain table the disk needs.
   *
   * @param index the table's in the directory
   */
  int tableLength(long index) {
    return (int) Math.min(numGTEsPerGT, grains() - index * numGTEsPerGT);
  }

  /** Where {@link #gdOffset} stands, in bytes. */
  long gdOffsetAt() {
    return at + GD_OFFSET_AT;
  }

  /** Where {@link #rgdOffset} stands, in bytes. */
  long rgdOffsetAt() {
    return at + RGD_OFFSET_AT;
  }

  /** Where {@link #capacity} stands, in bytes. */
  long capacityAt() {
    return at + CAPACITY_AT;
  }

  /** Where {@link #uncleanShutdown} stands, in bytes. */
  long uncleanShutdownAt() {
    return at + UNCLEAN_AT;
  }

  /** Where {@link #flags} stand, in bytes. */
  long flagsAt() {
    return at + FLAGS_AT;
  }
}
