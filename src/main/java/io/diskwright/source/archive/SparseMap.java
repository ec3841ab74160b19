package io.diskwright.source.archive;

import java.util.Arrays;

/**
 * Where the stored stretches of a sparse member lie in it; the rest of it is zero. The stretches
 * are stored one behind the other.
 */
final class SparseMap {

  private final long size;
  private final long[] offsets;
  private final long[] lengths;
  private final long[] places;

  /**
   * Of {@link SparseMapBuilder}, which has checked that the stretches are in order and do not
   * overlap.
   *
   * @param size bytes of the member
   * @param offsets where each stretch starts in the member, ascending
   * @param lengths bytes of each, at least 1
   */
  SparseMap(long size, long[] offsets, long[] lengths) {
    this.size = size;
    this.offsets = offsets;
    this.lengths = lengths;
    this.places = new long[lengths.length];
    for (int i = 1; i < lengths.length; i++) {
      places[i] = places[i - 1] + lengths[i - 1];
    }
  }

  /** Bytes of the member with its zeros. */
  long size() {
    return size;
  }

  /**
   * A uniform part of the member.
   *
   * @param length bytes, at least 1
   * @param place where its bytes lie behind the member's header, or {@link #ZERO}
   */
  record Stretch(long length, long place) {
    /** The place of what is not stored. */
    static final long ZERO = -1;
  }

  /**
   * What lies at an offset, as far as it is uniform.
   *
   * @param offset from 0 to below {@link #size()}
   */
  Stretch at(long offset) {
    int found = Arrays.binarySearch(offsets, offset);
    int index = found >= 0 ? found : -found - 2; // the last that starts at or before it
    if (index >= 0 && offset - offsets[index] < lengths[index]) {
      long inside = offset - offsets[index];
      return new Stretch(lengths[index] - inside, places[index] + inside);
    }
    long next = index + 1 < offsets.length ? offsets[index + 1] : size;
    return new Stretch(next - offset, Stretch.ZERO);
  }
}
