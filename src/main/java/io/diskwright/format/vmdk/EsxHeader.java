package io.diskwright.format.vmdk;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;

/** What the two kinds of sparse extents of ESX have in common: a directory of tables of grains. */
sealed interface EsxHeader permits CowdHeader, SeSparseHeader {

  /** What {@link #grainSector} answers for a grain that the extent does not hold. */
  long UNALLOCATED = 0;

  /** What {@link #grainSector} answers for a grain of zeros. */
  long ZEROED = 1;

  /** What is answered for an entry that says nothing that is known. */
  long UNKNOWN = -1;

  /** Its name in messages. */
  String structure();

  /** Sectors of the disk the extent holds. */
  long capacity();

  /** Where {@link #capacity} stands, in bytes. */
  long capacityAt();

  /** Sectors of a grain. */
  long grainSize();

  /** Entries of a grain table. */
  int tableEntries();

  /** Bytes of an entry, in directory and tables. */
  int entrySize();

  /** Sector of the grain directory. */
  long directorySector();

  /** The sector a directory entry names, 0 for no table, or {@link #UNKNOWN}. */
  long tableSector(long entry);

  /** The sector a table entry names, or one of the constants. */
  long grainSector(long entry);

  /** Whether sectors are those of the headers or the grain directory. */
  boolean isMetadata(long sector, long length);

  /** Bytes of a grain. */
  default int grainBytes() {
    return (int) Sectors.toBytes(grainSize());
  }

  /** How many grains the extent has; the last may be cut by the capacity. */
  default long grains() {
    return (capacity() + grainSize() - 1) / grainSize();
  }

  /** How many directory entries the disk needs. */
  default long directoryEntries() {
    return (grains() + tableEntries() - 1) / tableEntries();
  }

  /**
   * Refuses an extent of another size than its line says.
   *
   * @param source the extent's file, for messages
   */
  default void requireSize(String source, ExtentLine line) throws CorruptImage {
    // The capacity may be rounded up to whole grains; the line says what the disk shows.
    long more = capacity() - line.sectors();
    if (more < 0 || more >= grainSize()) {
      throw new CorruptImage(
          source,
          structure() + " capacity",
          capacityAt(),
          Fault.number(capacity()) + " sectors",
          Fault.number(line.sectors()) + ", as the descriptor says");
    }
  }
}
