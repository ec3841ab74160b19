package io.diskwright.format.vmdk;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;

/** What can be judged of a hosted sparse extent's header without the file around it. */
final class SparseHeaderRules {

  private static final long KNOWN_FLAGS =
      SparseHeader.VALID_NEWLINE_TEST
          | SparseHeader.REDUNDANT_GD
          | SparseHeader.ZEROED_GRAINS
          | SparseHeader.COMPRESSED
          | SparseHeader.MARKERS;
  private static final long MIN_GRAIN = 16;
  private static final long MAX_GRAIN = 1 << 16;
  // Twice a grain is the bound of its compressed form, which is read in one piece.
  private static final long MAX_COMPRESSED_GRAIN = 1 << 12;

  private SparseHeaderRules() {}

  /**
   * Refuses a header that cannot be followed.
   *
   * @param view the bytes it was read from
   */
  static void check(SparseHeader header, ByteView view) throws ImageException {
    checkFlags(header, view);
    checkSizes(header, view);
  }

  private static void checkFlags(SparseHeader header, ByteView view) throws ImageException {
    if ((header.flags() & ~KNOWN_FLAGS) != 0) {
      throw view.unsupported(
          "flags",
          SparseHeader.FLAGS_AT,
          Fault.number(header.flags()),
          "bits of " + Fault.number(KNOWN_FLAGS));
    }
    if ((header.flags() & SparseHeader.VALID_NEWLINE_TEST) != 0
        && !view.startsWith(SparseHeader.NEWLINES_AT, "\n \r\n")) {
      throw new CorruptImage(
          view.source(),
          "sparse extent header newline test",
          view.offset() + SparseHeader.NEWLINES_AT,
          "line ends that were rewritten",
          "0a 20 0d 0a",
          "The file was damaged by a text-mode transfer; copy it again in binary mode");
    }
    if (header.compressed() && header.compressAlgorithm() != SparseHeader.DEFLATE) {
      throw view.unsupported(
          "compressAlgorithm",
          SparseHeader.COMPRESS_AT,
          Fault.number(header.compressAlgorithm()),
          SparseHeader.DEFLATE + ", deflate, as the flags say the grains are compressed");
    }
    if (!header.compressed() && header.compressAlgorithm() != 0) {
      throw view.corrupt(
          "compressAlgorithm",
          SparseHeader.COMPRESS_AT,
          Fault.number(header.compressAlgorithm()),
          "0, as the flags say the grains are not compressed");
    }
    if (header.compressed() && (header.flags() & SparseHeader.MARKERS) == 0) {
      throw view.unsupported(
          "flags",
          SparseHeader.FLAGS_AT,
          "compressed grains without markers",
          "the marker flag 0x20000 too");
    }
  }

  private static void checkSizes(SparseHeader header, ByteView view) throws ImageException {
    if (header.capacity() == 0) {
      throw view.corrupt("capacity", SparseHeader.CAPACITY_AT, "0", "at least 1 sector");
    }
    if (header.capacity() < 0 || header.capacity() > Sectors.MAX) {
      throw view.tooLarge(
          "capacity",
          SparseHeader.CAPACITY_AT,
          Fault.number(header.capacity()) + " sectors",
          "up to " + Fault.number(Sectors.MAX));
    }
    if (Long.compareUnsigned(header.grainSize(), MIN_GRAIN) < 0
        || Long.bitCount(header.grainSize()) != 1) {
      throw view.corrupt(
          "grainSize",
          SparseHeader.GRAIN_SIZE_AT,
          Fault.number(header.grainSize()) + " sectors",
          "a power of two above 8");
    }
    long most = header.compressed() ? MAX_COMPRESSED_GRAIN : MAX_GRAIN;
    if (Long.compareUnsigned(header.grainSize(), most) > 0) {
      throw view.tooLarge(
          "grainSize",
          SparseHeader.GRAIN_SIZE_AT,
          Fault.number(header.grainSize()) + " sectors",
          "up to " + Fault.number(most));
    }
    if (header.descriptorSize() != 0 && header.descriptorOffset() == 0
        || header.descriptorSize() == 0 && header.descriptorOffset() != 0) {
      throw view.corrupt(
          "descriptorOffset and descriptorSize",
          SparseHeader.DESCRIPTOR_OFFSET_AT,
          Fault.number(header.descriptorOffset())
              + " and "
              + Fault.number(header.descriptorSize())
              + " sectors",
          "both 0 or both more");
    }
  }
}
