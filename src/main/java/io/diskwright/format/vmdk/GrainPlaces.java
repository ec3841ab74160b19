package io.diskwright.format.vmdk;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.BitSet;
import java.util.function.LongUnaryOperator;

/**
 * Where the plain grains of an extent lie: two at one place would be one written over the other.
 * Tables are looked through when they are first used. Safe for any thread.
 */
final class GrainPlaces {

  /**
   * Places that are kept account of, in 32 MiB at most; the grains of larger files go unchecked.
   */
  private static final long MAX_PLACES = 1L << 28;

  private final ByteSource file;
  private final long grainSize;
  private final long places;
  private final LongUnaryOperator sectorOf;
  private final BitSet tables = new BitSet();
  private final BitSet taken = new BitSet();

  /**
   * @param grainSize sectors of a grain
   * @param sectorOf what sector a table entry names; 1 or less for none
   */
  GrainPlaces(ByteSource file, long grainSize, LongUnaryOperator sectorOf) {
    this.file = file;
    this.grainSize = grainSize;
    this.places = file.size() / Sectors.toBytes(grainSize) + 1;
    this.sectorOf = sectorOf;
  }

  /**
   * Takes the places of a table's grains, unless that has been done.
   *
   * @param index the table's in the directory
   * @throws CorruptImage when one of them is taken
   */
  synchronized void take(long index, EntryTable table) throws IOException {
    if (places > MAX_PLACES || index >= Integer.MAX_VALUE || tables.get((int) index)) {
      return;
    }
    for (long i = 0; i < table.count(); i++) {
      int place = place(table, i);
      if (place >= 0 && taken.get(place)) {
        giveBack(table, i);
        throw new CorruptImage(
            file.describe(),
            "grain table entry",
            table.entryOffset(i),
            Fault.number(table.get(i)) + ", where another grain lies",
            "a place of its own");
      }
      if (place >= 0) {
        taken.set(place);
      }
    }
    tables.set((int) index);
  }

  private void giveBack(EntryTable table, long end) throws IOException {
    for (long i = 0; i < end; i++) {
      int place = place(table, i);
      if (place >= 0) {
        taken.clear(place);
      }
    }
  }

  /** The place of an entry's grain; -1 for none, and past the end, which is refused elsewhere. */
  private int place(EntryTable table, long index) throws IOException {
    long sector = sectorOf.applyAsLong(table.get(index));
    return sector <= SparseExtent.ZEROED || sector / grainSize >= places
        ? -1
        : (int) (sector / grainSize);
  }
}
