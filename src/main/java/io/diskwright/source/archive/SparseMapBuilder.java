package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.util.Arrays;

/** Gathers and checks the stretches of a sparse member, from whichever of the five notations. */
final class SparseMapBuilder {

  /**
   * Stretches that are followed, of all members: those of a TiB whose every other MiB is stored.
   */
  static final int MAX_ENTRIES = 1 << 19;

  private static final String FIELD = "sparse map";

  private final ByteView header;
  private final long size;
  private final int limit;
  private long[] offsets = new long[16];
  private long[] lengths = new long[16];
  private int count;
  private long end;
  private long stored;

  /**
   * @param header of the member, for messages
   * @param size bytes of the member with its zeros
   * @param limit stretches it may have
   */
  SparseMapBuilder(ByteView header, long size, int limit) {
    this.header = header;
    this.size = size;
    this.limit = limit;
  }

  /**
   * Adds the next stretch; one of no bytes marks the member's end, or is an unused entry.
   *
   * @param offset where it starts in the member, at least 0
   * @param length bytes, at least 0
   */
  void add(long offset, long length) throws ImageException {
    if (length == 0 && offset <= size) {
      return;
    }
    if (offset < end || offset > size || length > size - offset) {
      throw header.corrupt(
          FIELD,
          0,
          Fault.number(length) + " bytes at " + Fault.number(offset),
          "stretches in order, inside the member's " + Fault.number(size) + " bytes");
    }
    // Tools disagree about padding behind such a stretch.
    if (stored % TarHeader.BLOCK != 0) {
      throw header.unsupported(
          FIELD, 0, "a stretch that is no whole blocks before another", "whole blocks of 512");
    }
    if (count == limit) {
      throw header.tooLarge(FIELD, 0, "more than " + MAX_ENTRIES + " stretches", "up to that many");
    }
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
      lengths = Arrays.copyOf(lengths, count * 2);
    }
    offsets[count] = offset;
    lengths[count] = length;
    count++;
    end = offset + length;
    stored += length;
  }

  /** How many were added. */
  int count() {
    return count;
  }

  /**
   * The map.
   *
   * @param data bytes that are stored behind header and map
   */
  SparseMap build(long data) throws ImageException {
    if (stored != data) {
      throw header.corrupt(
          FIELD,
          0,
          "stretches of " + Fault.number(stored) + " bytes",
          "the " + Fault.number(data) + " bytes that are stored");
    }
    return new SparseMap(size, Arrays.copyOf(offsets, count), Arrays.copyOf(lengths, count));
  }
}
