package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the image's own metadata lies: an L2 entry that points there would hand out metadata as the
 * guest's bytes, or says that metadata has been overwritten.
 */
final class MetadataMap {

  /** Single clusters kept track of, 2 MiB of heap; L2 tables of 128 TiB at the usual 64 KiB. */
  private static final int MAX_CLUSTERS = 1 << 18;

  private static final int MAX_REFCOUNT_TABLE = 8 << 20;

  private final List<Region> regions;

  /** Offsets of L2 tables and refcount blocks, sorted, each with its kind in the low bits. */
  private final long[] clusters;

  private final int clusterSize;

  private MetadataMap(List<Region> regions, long[] clusters, int clusterSize) {
    this.regions = regions;
    this.clusters = clusters;
    this.clusterSize = clusterSize;
  }

  /**
   * Finds the metadata of the state that is read. Every used L1 entry of it is checked.
   *
   * @param active the active L1 table
   * @param l1 the L1 table of the state that is read, which may be the same
   * @throws CorruptImage when two pieces of metadata share a cluster
   */
  static MetadataMap of(
      ByteSource source, Header header, L1Table active, L1Table l1, PageCache cache)
      throws IOException {
    Region headerCluster = new Region("header cluster", 0, header.clusterSize());
    Region refcountTable = refcountTable(source, header);
    for (Region table : List.of(active.region(), l1.region())) {
      if (refcountTable.overlaps(table.offset(), table.length())) {
        throw new CorruptImage(
            source.describe(),
            Header.NAME + " refcount_table_offset",
            Header.REFCOUNT_TABLE_OFFSET_AT,
            Fault.number(refcountTable.offset()) + ", which overlaps the " + table.name(),
            "clusters of its own");
      }
    }
    var regions = List.of(headerCluster, active.region(), l1.region(), refcountTable);
    var builder = new Builder();
    for (long i = 0; i < l1.used(); i++) {
      long offset = l1.l2Offset(i);
      if (offset != 0) {
        Optional<Region> region = overlapping(regions, offset, header.clusterSize());
        if (region.isPresent()) {
          throw l1.corrupt(
              i,
              "L2 table offset " + Fault.number(offset) + ", inside the " + region.get().name(),
              "a cluster of its own");
        }
        builder.add(offset | Kind.L2_TABLE.ordinal());
      }
    }
    addRefcountBlocks(source, header, refcountTable, cache, builder);
    long[] clusters = builder.sorted();
    refuseShared(source, clusters, header.clusterSize());
    return new MetadataMap(regions, clusters, header.clusterSize());
  }

  /**
   * The metadata that a stretch of the file overlaps, if any: its name, and where the overlap
   * starts in bytes from the start of the file.
   */
  Optional<Region> overlapping(long offset, long length) {
    Optional<Region> region = overlapping(regions, offset, length);
    if (region.isPresent()) {
      return region;
    }
    int found = Arrays.binarySearch(clusters, offset);
    int next = found >= 0 ? found : -found - 1;
    if (next < clusters.length && place(clusters[next]) - offset < length) {
      return Optional.of(region(clusters[next], clusterSize));
    }
    return Optional.empty();
  }

  private static Optional<Region> overlapping(List<Region> regions, long offset, long length) {
    for (Region region : regions) {
      if (region.overlaps(offset, length)) {
        return Optional.of(region);
      }
    }
    return Optional.empty();
  }

  private static Region refcountTable(ByteSource source, Header header) throws ImageException {
    long count = header.refcountTableClusters();
    if (count == 0) {
      throw new CorruptImage(
          source.describe(),
          Header.NAME + " refcount_table_clusters",
          Header.REFCOUNT_TABLE_CLUSTERS_AT,
          "0",
          "at least 1");
    }
    if (count > MAX_REFCOUNT_TABLE / header.clusterSize()) {
      throw new LimitExceeded(
          source.describe(),
          Header.NAME + " refcount_table_clusters",
          Header.REFCOUNT_TABLE_CLUSTERS_AT,
          Fault.number(count),
          "up to " + MAX_REFCOUNT_TABLE / header.clusterSize() + ", which is 8 MiB");
    }
    return Region.checked(
        source,
        "refcount table",
        header.refcountTableOffset(),
        count * header.clusterSize(),
        header.clusterSize(),
        Header.NAME + " refcount_table_offset",
        Header.REFCOUNT_TABLE_OFFSET_AT);
  }

  /** Reading needs no reference counts, so entries that make no sense are passed over. */
  private static void addRefcountBlocks(
      ByteSource source, Header header, Region table, PageCache cache, Builder builder)
      throws IOException {
    var entries =
        new EntryTable(
            cache,
            source,
            table.name(),
            table.offset(),
            table.length() / Long.BYTES,
            Long.BYTES,
            ByteOrder.BIG_ENDIAN);
    for (long i = 0; i < entries.count(); i++) {
      long offset = entries.get(i);
      if (offset > 0 && offset % header.clusterSize() == 0 && offset < source.size()) {
        builder.add(offset | Kind.REFCOUNT_BLOCK.ordinal());
      }
    }
  }

  private static void refuseShared(ByteSource source, long[] clusters, int clusterSize)
      throws CorruptImage {
    for (int i = 1; i < clusters.length; i++) {
      Region first = region(clusters[i - 1], clusterSize);
      Region second = region(clusters[i], clusterSize);
      if (first.offset() == second.offset() && clusters[i - 1] % 2 == Kind.L2_TABLE.ordinal()) {
        throw new CorruptImage(
            source.describe(),
            first.name(),
            first.offset(),
            "a cluster that is also used as " + second.name(),
            "each used once");
      }
    }
  }

  private static Region region(long cluster, int clusterSize) {
    Kind kind = cluster % 2 == 0 ? Kind.L2_TABLE : Kind.REFCOUNT_BLOCK;
    return new Region(kind.word, place(cluster), clusterSize);
  }

  private static long place(long cluster) {
    return cluster & -2L;
  }

  private enum Kind {
    L2_TABLE("L2 table"),
    REFCOUNT_BLOCK("refcount block");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /** Collects up to {@link #MAX_CLUSTERS} clusters; what is beyond goes unwatched. */
  private static final class Builder {
    private long[] collected = new long[64];
    private int count;

    void add(long cluster) {
      if (count == MAX_CLUSTERS) {
        return;
      }
      if (count == collected.length) {
        collected = Arrays.copyOf(collected, 2 * count);
      }
      collected[count++] = cluster;
    }

    long[] sorted() {
      long[] result = Arrays.copyOf(collected, count);
      Arrays.sort(result);
      return result;
    }
  }
}
