package io.diskwright.format.vmdk;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;

/**
 * What a grain table says, or what the grains of one table's stretch of the disk are, in the same
 * few bytes however many they are: two that are equal have the same grains at the same sectors,
 * unless 64-bit sums collide by chance.
 *
 * @param grains how many there are
 * @param sum of a number made of each grain's index in the table and its sector
 */
record TableSum(int grains, long sum) {

  /** No grain. */
  static final TableSum EMPTY = new TableSum(0, 0);

  private static final int INDEX_BITS = 10;

  /**
   * A table's entries.
   *
   * @param count how many of them the disk needs
   * @param zeroedGrains whether an entry of 1 is a grain of zeros, which is stored nowhere
   */
  static TableSum of(ByteView entries, int count, boolean zeroedGrains) throws CorruptImage {
    TableSum sum = EMPTY;
    for (int i = 0; i < count; i++) {
      long sector = entries.u32(i * Integer.BYTES);
      if (sector != 0 && !(zeroedGrains && sector == SparseExtent.ZEROED)) {
        sum = sum.plus(i, sector);
      }
    }
    return sum;
  }

  /**
   * The same with one more grain.
   *
   * @param index in the table
   * @param sector of the file where it starts
   */
  TableSum plus(int index, long sector) {
    return new TableSum(grains + 1, sum + mix(sector << INDEX_BITS | index));
  }

  /** A bijection that lets every bit of a number change about half of the result's. */
  private static long mix(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
