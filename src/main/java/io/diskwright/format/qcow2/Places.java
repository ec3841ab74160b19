package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.MetadataMap;
import io.diskwright.io.PageCache;
import io.diskwright.io.Region;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds where an image's tables lie, and checks that they do not share clusters. */
final class Places {

  private static final int L2_TABLE = 0;
  private static final int REFCOUNT_BLOCK = 1;
  private static final int MAX_REFCOUNT_TABLE = 8 << 20;

  private Places() {}

  /**
   * Finds the metadata of the state that is read. Every used L1 entry of it is checked.
   *
   * @param known what the header points to: the active L1 table, and what else there is
   * @param l1 the L1 table of the state that is read
   * @throws CorruptImage when two pieces of metadata share a cluster
   */
  static MetadataMap of(
      ByteSource source, Header header, List<Region> known, L1Table l1, PageCache cache)
      throws IOException {
    Region headerCluster = new Region("header cluster", 0, header.clusterSize());
    Region refcountTable = refcountTable(source, header);
    for (Region region : known) {
      if (refcountTable.overlaps(region.offset(), region.length())) {
        throw new CorruptImage(
            source.describe(),
            Header.NAME + " refcount_table_offset",
            Header.REFCOUNT_TABLE_OFFSET_AT,
            Fault.number(refcountTable.offset()) + ", which overlaps the " + region.name(),
            "clusters of its own");
      }
    }
    requireApart(source, known);
    var regions = new ArrayList<Region>(known);
    regions.add(headerCluster);
    regions.add(refcountTable);
    var builder =
        new MetadataMap.Builder(
            source, regions, header.clusterSize(), "L2 table", "refcount block");
    for (long i = 0; i < l1.used(); i++) {
      long offset = l1.l2Offset(i);
      if (offset != 0) {
        Optional<Region> region = builder.overlapping(offset, header.clusterSize());
        if (region.isPresent()) {
          throw l1.corrupt(
              i,
              "L2 table offset " + Fault.number(offset) + ", inside the " + region.get().name(),
              "a cluster of its own");
        }
        builder.add(L2_TABLE, offset);
      }
    }
    addRefcountBlocks(source, header, refcountTable, cache, builder);
    return builder.build();
  }

  private static void requireApart(ByteSource source, List<Region> regions) throws CorruptImage {
    for (int i = 0; i < regions.size(); i++) {
      Region region = regions.get(i);
      for (Region other : regions.subList(0, i)) {
        if (other.overlaps(region.offset(), region.length())) {
          throw new CorruptImage(
              source.describe(),
              region.name(),
              region.offset(),
              "clusters that are also used as " + other.name(),
              "clusters of its own");
        }
      }
    }
  }

  /**
   * A table that another structure points to.
   *
   * @param field the structure and field that states {@code offset}, and where it stands
   * @throws CorruptImage when the table is not aligned, or not between header cluster and file end
   */
  static Region checked(
      ByteSource source,
      String name,
      long offset,
      long length,
      int clusterSize,
      String field,
      long fieldAt)
      throws CorruptImage {
    if (offset < clusterSize
        || offset % clusterSize != 0
        || offset > source.size()
        || length > source.size() - offset) {
      throw new CorruptImage(
          source.describe(),
          field,
          fieldAt,
          Fault.number(offset) + " for a " + name + " of " + Fault.number(length) + " bytes",
          "multiples of the cluster size "
              + clusterSize
              + " behind the header cluster, the whole table inside the file's "
              + Fault.number(source.size())
              + " bytes");
    }
    return new Region(name, offset, length);
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
    return Places.checked(
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
      ByteSource source, Header header, Region table, PageCache cache, MetadataMap.Builder builder)
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
        builder.add(REFCOUNT_BLOCK, offset);
      }
    }
  }
}
