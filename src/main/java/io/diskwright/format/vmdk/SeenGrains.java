package io.diskwright.format.vmdk;

import java.util.HashMap;
import java.util.Map;

/**
 * Which grains a stream has brought. What it takes grows with the grains that came, not with what
 * the header claims.
 */
final class SeenGrains {

  private final int tableEntries;
  private final Map<Integer, Table> tables = new HashMap<>();

  private static final class Table {
    private final long[] bits;
    private TableSum sum = TableSum.EMPTY;

    Table(int entries) {
      bits = new long[(entries + Long.SIZE - 1) / Long.SIZE];
    }
  }

  /**
   * @param tableEntries grains of a grain table
   */
  SeenGrains(int tableEntries) {
    this.tableEntries = tableEntries;
  }

  /**
   * Takes a grain down.
   *
   * @param grain its number on the disk
   * @param sector of the file where it starts
   * @return false when it has come before
   */
  boolean add(long grain, long sector) {
    int index = (int) (grain % tableEntries);
    Table table =
        tables.computeIfAbsent((int) (grain / tableEntries), t -> new Table(tableEntries));
    long bit = 1L << (index % Long.SIZE);
    if ((table.bits[index / Long.SIZE] & bit) != 0) {
      return false;
    }
    table.bits[index / Long.SIZE] |= bit;
    table.sum = table.sum.plus(index, sector);
    return true;
  }

  /** The grains of one table's stretch of the disk. */
  TableSum sum(int tableIndex) {
    Table table = tables.get(tableIndex);
    return table == null ? TableSum.EMPTY : table.sum;
  }
}
