package io.diskwright.format.vmdk;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;

/**
 * The grain directory and tables of a stream. A stream's grains say themselves where they belong;
 * only the tables say which there must be, so a stream is complete when the two agree.
 */
sealed interface StreamTables permits LeadingTables, TrailingTables {

  /** Takes from the stream what comes before the first grain. */
  void begin() throws IOException;

  /**
   * Whether a grain may come here.
   *
   * @param at where it starts, in bytes
   */
  void requireGrains(long at) throws CorruptImage;

  /**
   * Judges a sector that starts no grain, and takes what it announces from the stream.
   *
   * @param zero whether nothing at all stands in it
   */
  void take(StreamMarker marker, boolean zero) throws IOException;

  /** Checks, at the end of the stream, that everything came. */
  void end(SeenGrains seen) throws CorruptImage;

  /**
   * Refuses a table that is not about the grains that came.
   *
   * @param index the table's in the directory
   * @param at where the table stands, in bytes
   */
  static void requireSame(
      String source, SparseHeader header, int index, long at, TableSum table, TableSum seen)
      throws CorruptImage {
    if (table.equals(seen)) {
      return;
    }
    long first = index * header.numGTEsPerGT() * header.grainSize();
    throw new CorruptImage(
        source,
        "grain table " + index + " (disk from sector " + Fault.number(first) + " on)",
        at,
        table.grains() == seen.grains()
            ? "entries that are not where the stream's grains are"
            : table.grains() + " grains, where the stream brought " + seen.grains(),
        "exactly the grains of the stream",
        "The file is truncated or damaged; copy or download it again");
  }
}
