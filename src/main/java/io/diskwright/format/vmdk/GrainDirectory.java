package io.diskwright.format.vmdk;

import io.diskwright.disk.Anomaly;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A grain directory and its grain tables, none of them ever held whole. Safe for any thread. */
final class GrainDirectory {

  /** Empty directory entries looked at in one go. */
  private static final long MAX_SKIPPED = 1 << 14;

  /** Grain tables compared with the redundant copy: 256 KiB of them, 8 GiB of most disks. */
  private static final long MAX_COMPARED = 128;

  private final ByteSource file;
  private final PageCache cache;
  private final SparseHeader header;
  private final String name;
  private final EntryTable entries;
  private final @Nullable GrainPlaces places;
  private volatile @Nullable Loaded last;

  /**
   * @param name {@code grain directory} or {@code redundant grain directory}
   * @param at where the header names its sector, in bytes
   * @param places of the grains, which must each have its own; null when that does not matter
   * @throws CorruptImage when it is not inside the file or lies on the header or descriptor
   */
  private GrainDirectory(
      ByteSource file,
      PageCache cache,
      SparseHeader header,
      String name,
      long at,
      long sector,
      @Nullable GrainPlaces places)
      throws CorruptImage {
    this.file = file;
    this.cache = cache;
    this.header = header;
    this.name = name;
    this.places = places;
    long bytes = header.directoryEntries() * Integer.BYTES;
    if (sector < 0 || sector > file.size() / Sectors.SIZE) {
      throw new CorruptImage(
          file.describe(),
          name,
          at,
          "sector " + Fault.number(sector),
          "sectors of the file, below " + Fault.number(file.size() / Sectors.SIZE),
          "The file is truncated or damaged; copy or export it again");
    }
    requireFree(name, at, sector, Sectors.up(bytes));
    this.entries =
        new EntryTable(
            cache,
            file,
            name,
            Sectors.toBytes(sector),
            header.directoryEntries(),
            Integer.BYTES,
            ByteOrder.LITTLE_ENDIAN);
  }

  /** The directory in force. */
  static GrainDirectory primary(ByteSource file, PageCache cache, SparseHeader header)
      throws CorruptImage {
    // A compressed grain says itself whose it is.
    GrainPlaces places =
        header.compressed() ? null : new GrainPlaces(file, header.grainSize(), entry -> entry);
    return new GrainDirectory(
        file, cache, header, "grain directory", header.gdOffsetAt(), header.gdOffset(), places);
  }

  /** Entries of a full grain table. */
  int tableEntries() {
    return header.numGTEsPerGT();
  }

  /**
   * The grain table of a directory entry, as long as the disk needs it; null when the entry is
   * empty.
   *
   * @param index from 0 to below the directory's length
   */
  @Nullable EntryTable table(long index) throws IOException {
    Loaded loaded = last;
    if (loaded != null && loaded.index == index) {
      return loaded.table;
    }
    long sector = entries.get(index);
    if (sector == 0) {
      return null;
    }
    int count = header.tableLength(index);
    String structure = name + " entry";
    long length = Sectors.up(count * Integer.BYTES);
    requireFree(structure, entries.entryOffset(index), sector, length);
    requireApart(structure, index, sector, length);
    var table =
        new EntryTable(
            cache,
            file,
            "grain table",
            Sectors.toBytes(sector),
            count,
            Integer.BYTES,
            ByteOrder.LITTLE_ENDIAN);
    if (places != null) {
      places.take(index, table);
    }
    last = new Loaded(index, table);
    return table;
  }

  /** How many entries from {@code index} on are empty, as far as one call looks. */
  long emptyFrom(long index) throws IOException {
    long end = Math.min(entries.count(), index + MAX_SKIPPED);
    long next = index;
    while (next < end && entries.get(next) == 0) {
      next++;
    }
    return next - index;
  }

  /**
   * Checks that something lies outside the header and the descriptor.
   *
   * @param structure what points there, and {@code at} in which byte, for messages
   * @param sector where it lies
   * @param length sectors, at least 1
   */
  void requireFree(String structure, long at, long sector, long length) throws CorruptImage {
    boolean onHeader = sector < 1;
    boolean onDescriptor =
        overlap(sector, length, header.descriptorOffset(), header.descriptorSize());
    if (onHeader || onDescriptor) {
      throw new CorruptImage(
          file.describe(),
          structure,
          at,
          "sector " + Fault.number(sector) + ", on the " + (onHeader ? "header" : "descriptor"),
          "sectors of their own");
    }
  }

  /** As {@link #requireFree} and also outside this directory and the table that points there. */
  void requireGrain(EntryTable table, int index, long sector, long length) throws CorruptImage {
    long at = table.entryOffset(index);
    requireFree("grain table entry", at, sector, length);
    long tableSector = table.entryOffset(0) / Sectors.SIZE;
    long first = header.compressed() ? 0 : header.overHead();
    if (sector < first
        || overlap(sector, length, header.gdOffset(), directorySectors())
        || overlap(sector, length, tableSector, Sectors.up(table.count() * Integer.BYTES))) {
      throw new CorruptImage(
          file.describe(),
          "grain table entry",
          at,
          "sector " + Fault.number(sector) + ", among the metadata",
          "sectors of grains");
    }
  }

  private void requireApart(String structure, long index, long sector, long length)
      throws CorruptImage {
    if (overlap(sector, length, entries.entryOffset(0) / Sectors.SIZE, directorySectors())) {
      throw new CorruptImage(
          file.describe(),
          structure,
          entries.entryOffset(index),
          "sector " + Fault.number(sector) + ", on the directory itself",
          "sectors of their own");
    }
  }

  private long directorySectors() {
    return Sectors.up(header.directoryEntries() * Integer.BYTES);
  }

  private static boolean overlap(long a, long aLength, long b, long bLength) {
    return a < b + bLength && b < a + aLength;
  }

  /**
   * Compares the first tables with those of the redundant directory, if the image has one. The
   * primary is the one in force, so this is for reports only.
   */
  Optional<Anomaly> compareWithCopy() throws IOException {
    if (!header.redundantDirectory()) {
      return Optional.empty();
    }
    try {
      var copy =
          new GrainDirectory(
              file,
              cache,
              header,
              "redundant grain directory",
              header.rgdOffsetAt(),
              header.rgdOffset(),
              null);
      for (long i = 0; i < Math.min(entries.count(), MAX_COMPARED); i++) {
        Optional<Anomaly> difference = difference(copy, i);
        if (difference.isPresent()) {
          return difference;
        }
      }
      return Optional.empty();
    } catch (CorruptImage e) {
      return Optional.of(
          damaged(e.fault().offset(), e.fault().structure() + " " + e.fault().found()));
    }
  }

  private Optional<Anomaly> difference(GrainDirectory copy, long index) throws IOException {
    EntryTable second = copy.table(index);
    EntryTable first;
    try {
      first = table(index);
    } catch (CorruptImage e) {
      return Optional.empty(); // the primary itself: reading the disk says so, in full
    }
    if (first == null || second == null) {
      return first == second
          ? Optional.empty()
          : Optional.of(
              damaged(copy.entries.entryOffset(index), "a table that only one of the two has"));
    }
    for (long i = 0; i < first.count(); i++) {
      if (first.get(i) != second.get(i)) {
        return Optional.of(
            damaged(
                second.entryOffset(i),
                Fault.number(second.get(i)) + " where the primary has " + first.get(i)));
      }
    }
    return Optional.empty();
  }

  private static Anomaly damaged(long offset, String observed) {
    return new Anomaly(
        Anomaly.Kind.DAMAGED_COPY,
        "redundant grain directory",
        offset,
        observed,
        "what the primary grain directory says, which was used");
  }

  private record Loaded(long index, EntryTable table) {}
}
