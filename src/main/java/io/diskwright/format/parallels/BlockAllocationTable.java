package io.diskwright.format.parallels;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where the clusters of an image lie. Every entry is judged once when the image is opened, so that
 * no conversion ends half-way at an entry that could have been refused at the start.
 */
final class BlockAllocationTable {

  /** What {@link #dataOffset} gives for a cluster that is not stored. */
  static final long ABSENT = -1;

  private static final String NAME = "block allocation table";
  private static final int INDEX_BITS = 23;

  private final ByteSource source;
  private final ParallelsHeader header;
  private final EntryTable entries;

  private BlockAllocationTable(ByteSource source, ParallelsHeader header, EntryTable entries) {
    this.source = source;
    this.header = header;
    this.entries = entries;
  }

  /**
   * Checks the table of an image.
   *
   * @throws CorruptImage when it or a cluster lies where it cannot, or two clusters overlap
   */
  static BlockAllocationTable open(ByteSource source, ParallelsHeader header, PageCache cache)
      throws IOException {
    var entries =
        new EntryTable(
            cache,
            source,
            NAME,
            ParallelsHeader.SIZE,
            header.nbBatEntries(),
            Integer.BYTES,
            ByteOrder.LITTLE_ENDIAN);
    var table = new BlockAllocationTable(source, header, entries);
    table.checkClusters();
    return table;
  }

  /**
   * Where a cluster starts in the file, in bytes; {@link #ABSENT} when it is not stored.
   *
   * @param index from 0 to below the disk's size divided by the cluster size, rounded up
   */
  long dataOffset(long index) throws IOException {
    long entry = entries.get(index);
    if (entry == 0) {
      return ABSENT;
    }
    // Cannot overflow: an entry has 32 bits, a cluster up to 28.
    long start = entry * header.unit();
    long length = storedLength(index);
    if (start < header.dataStart()) {
      throw refused(
          index,
          entry,
          "at " + Fault.number(start) + ", before the first cluster",
          "clusters from " + Fault.number(header.dataStart()) + " on");
    }
    if (start > source.size() || length > source.size() - start) {
      throw refused(
          index,
          entry,
          "at " + Fault.number(start) + ", which is not in the file",
          "clusters in the file's " + Fault.number(source.size()) + " bytes");
    }
    long extension = header.extension();
    if (extension != 0 && start < extension + header.clusterSize() && extension < start + length) {
      throw refused(
          index, entry, "in the format extension", "clusters beside the image's own structures");
    }
    return start;
  }

  /** Bytes of a cluster that must be in the file; beyond the disk's end none need be. */
  private long storedLength(long index) {
    return Math.min(header.clusterSize(), header.size() - index * header.clusterSize());
  }

  private void checkClusters() throws IOException {
    int clusters = (int) Math.ceilDiv(header.nbSectors(), header.tracks());
    int count = 0;
    for (int i = 0; i < clusters; i++) {
      if (dataOffset(i) != ABSENT) {
        count++;
      }
    }
    if (count > 0 && header.isEmpty()) {
      throw new CorruptImage(
          source.describe(),
          ParallelsHeader.NAME + " flags",
          ParallelsHeader.FLAGS_AT,
          "1, an empty image, with " + Fault.number(count) + " clusters in its table",
          "0");
    }
    // An entry and the cluster it is of in one number, so that sorting finds the neighbours.
    long[] stored = new long[count];
    int at = 0;
    for (int i = 0; i < clusters; i++) {
      long entry = entries.get(i);
      if (entry != 0) {
        stored[at++] = entry << INDEX_BITS | i;
      }
    }
    Arrays.sort(stored);
    for (int i = 1; i < count; i++) {
      checkApart(stored[i - 1], stored[i]);
    }
  }

  private void checkApart(long first, long second) throws CorruptImage {
    long firstIndex = first & (1 << INDEX_BITS) - 1;
    long secondIndex = second & (1 << INDEX_BITS) - 1;
    long entry = second >>> INDEX_BITS;
    if ((entry - (first >>> INDEX_BITS)) * header.unit() < storedLength(firstIndex)) {
      throw refused(
          secondIndex,
          entry,
          "in the cluster of entry " + firstIndex,
          "clusters that do not overlap");
    }
  }

  private CorruptImage refused(long index, long entry, String what, String allowed) {
    return new CorruptImage(
        source.describe(),
        NAME + " entry " + index,
        entries.entryOffset(index),
        (header.isExtended() ? "cluster " : "sector ") + Fault.number(entry) + ", " + what,
        allowed);
  }
}
