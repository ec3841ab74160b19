package io.diskwright.io;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where an image's own metadata lies: a map entry that points there would hand out metadata as the
 * guest's bytes, or says that metadata has been overwritten. Safe for any thread.
 */
public final class MetadataMap {

  /** Tables kept track of, 2 MiB of heap; 128 TiB of a qcow2 with clusters of 64 KiB. */
  private static final int MAX_TABLES = 1 << 18;

  private final List<Region> regions;

  /** Offsets of tables, sorted, each with its kind in the low bits. */
  private final long[] tables;

  private final List<String> kinds;
  private final long tableLength;

  private MetadataMap(List<Region> regions, long[] tables, List<String> kinds, long tableLength) {
    this.regions = regions;
    this.tables = tables;
    this.kinds = kinds;
    this.tableLength = tableLength;
  }

  /**
   * The metadata that a stretch of the file overlaps, if any; the first such table, or a region.
   *
   * @param offset bytes from the start of the file
   * @param length bytes, at least 1
   */
  public Optional<Region> overlapping(long offset, long length) {
    Optional<Region> region = overlapping(regions, offset, length);
    if (region.isPresent()) {
      return region;
    }
    int found = Arrays.binarySearch(tables, offset);
    int next = found >= 0 ? found : -found - 1;
    for (int i = Math.max(0, next - 1); i < Math.min(tables.length, next + 1); i++) {
      Region table = region(tables[i]);
      if (table.overlaps(offset, length)) {
        return Optional.of(table);
      }
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

  private Region region(long table) {
    int kind = (int) (table & Builder.KIND);
    return new Region(kinds.get(kind), table - kind, tableLength);
  }

  /** Collects the metadata of one image; what is beyond {@link #MAX_TABLES} goes unwatched. */
  public static final class Builder {

    private static final long KIND = 7;

    private final ByteSource source;
    private final List<Region> regions;
    private final List<String> kinds;
    private final long tableLength;
    private long[] collected = new long[64];
    private int count;

    /**
     * @param regions single pieces; those without a length count for nothing
     * @param tableLength bytes of each table
     * @param kinds names of the kinds of tables, 8 at most; the first is of those that reading
     *     depends on
     */
    public Builder(ByteSource source, List<Region> regions, long tableLength, String... kinds) {
      this.source = source;
      this.regions = regions.stream().filter(r -> r.length() > 0).toList();
      this.tableLength = tableLength;
      this.kinds = List.of(kinds);
    }

    /** The region that a stretch of the file overlaps, if any. */
    public Optional<Region> overlapping(long offset, long length) {
      return MetadataMap.overlapping(regions, offset, length);
    }

    /**
     * Adds a table.
     *
     * @param kind index of its kind
     * @param offset bytes from the start of the file, a multiple of 8
     */
    public void add(int kind, long offset) {
      if (count == MAX_TABLES) {
        return;
      }
      if (count == collected.length) {
        collected = Arrays.copyOf(collected, 2 * count);
      }
      collected[count++] = offset | kind;
    }

    /**
     * The map of all that was added.
     *
     * @throws CorruptImage when a table of the first kind shares space with another table
     */
    public MetadataMap build() throws CorruptImage {
      long[] tables = Arrays.copyOf(collected, count);
      Arrays.sort(tables);
      var map = new MetadataMap(regions, tables, kinds, tableLength);
      for (int i = 1; i < tables.length; i++) {
        Region first = map.region(tables[i - 1]);
        Region second = map.region(tables[i]);
        boolean needed = (tables[i - 1] & KIND) == 0 || (tables[i] & KIND) == 0;
        if (needed && second.offset() - first.offset() < tableLength) {
          throw new CorruptImage(
              source.describe(),
              first.name(),
              first.offset(),
              "space that is also used as " + second.name(),
              "each used once");
        }
      }
      return map;
    }
  }
}
