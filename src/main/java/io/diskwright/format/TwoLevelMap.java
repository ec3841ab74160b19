package io.diskwright.format;

import io.diskwright.disk.Extent;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.MetadataMap;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Maps guest offsets through an L1 table and L2 tables of 64-bit entries, in which 0 means that the
 * backing file counts. What other entries mean is the format's matter. Safe for any thread.
 */
public final class TwoLevelMap {

  /** Entries looked at to make an extent longer. */
  private static final int MAX_RUN = 4096;

  /** Tables and entries looked at to find the end of a gap. */
  private static final int MAX_GAP = 1 << 16;

  /** The same with a backing file, which may answer with a short extent. */
  private static final int MAX_BACKED_GAP = 128;

  private final TableDirectory directory;
  private final Shape shape;
  private final PageCache cache;
  private final ByteOrder order;
  private final Clusters clusters;
  private final @Nullable VirtualDisk backing;

  /** The table used last, since most calls stay in one. */
  private volatile @Nullable Current current;

  private record Current(long l1Index, EntryTable table) {}

  /** What the entries of a format mean. Safe for any thread. */
  public interface Clusters {

    /**
     * What an entry that is not 0 stands for.
     *
     * @return an extent that starts at the cluster's {@link Cluster#offset}
     */
    Extent extent(Cluster cluster) throws IOException;
  }

  /**
   * How guest offsets are split.
   *
   * @param clusterBits log2 of the cluster size
   * @param l2Bits log2 of the entries of an L2 table; with {@code clusterBits} at most 62
   */
  public record Shape(int clusterBits, int l2Bits) {

    /** The L1 entries that a disk of {@code size} bytes needs. */
    public long l1EntriesFor(long size) {
      return size == 0 ? 0 : ((size - 1) >>> clusterBits + l2Bits) + 1;
    }

    /** Bytes of a cluster. */
    public int clusterSize() {
      return 1 << clusterBits;
    }

    /** Bytes of an L2 table. */
    public long tableLength() {
      return (long) Long.BYTES << l2Bits;
    }

    private long l1Index(long offset) {
      return offset >>> clusterBits + l2Bits;
    }

    private long l2Index(long offset) {
      return offset >>> clusterBits & (1L << l2Bits) - 1;
    }

    private int within(long offset) {
      return (int) (offset & clusterSize() - 1);
    }
  }

  /**
   * A cluster that is mapped.
   *
   * @param table its L2 table, in which it is number {@code index}
   * @param entry its entry as it stands, not 0
   * @param offset the guest byte asked for
   * @param within that byte's place in the cluster
   * @param limit bytes that are asked for
   */
  public record Cluster(
      Shape shape, EntryTable table, long index, long entry, long offset, int within, long limit) {

    /**
     * The bytes from {@link #offset} on, as long as each entry is {@code step} more than the one
     * before it; about as much as is asked for.
     *
     * @param step at least 0
     */
    public long run(long step) throws IOException {
      int clusterSize = shape.clusterSize();
      long length = clusterSize - within;
      long expected = entry;
      long last = Math.min(table.count() - 1, index + MAX_RUN);
      for (long i = index + 1; i <= last && length < limit; i++) {
        expected += step;
        if (expected < 0 || table.get(i) != expected) {
          break;
        }
        length += clusterSize;
      }
      return length;
    }

    /** Refuses data that lies in the image's own metadata. */
    public void checkNoMetadata(MetadataMap metadata, String source, long host, long length)
        throws CorruptImage {
      var overlap = metadata.overlapping(host, length);
      if (overlap.isPresent()) {
        long into = Math.max(0, overlap.get().offset() - host);
        throw corrupt(
            source,
            index + (into >>> shape.clusterBits()),
            "data at " + Fault.number(host + into) + ", inside the " + overlap.get().name(),
            "places that hold no metadata");
      }
    }

    /** Refuses the cluster's entry. */
    public CorruptImage corrupt(String source, String found, String allowed) {
      return corrupt(source, index, found, allowed);
    }

    private CorruptImage corrupt(String source, long index, String found, String allowed) {
      return new CorruptImage(source, "L2 entry", table.entryOffset(index), found, allowed);
    }
  }

  /**
   * @param directory an L1 table whose L2 tables have the length that {@code shape} says
   * @param order of the L2 entries' bytes
   */
  public TwoLevelMap(
      TableDirectory directory,
      Shape shape,
      PageCache cache,
      ByteOrder order,
      Clusters clusters,
      @Nullable VirtualDisk backing) {
    this.directory = directory;
    this.shape = shape;
    this.cache = cache;
    this.order = order;
    this.clusters = clusters;
    this.backing = backing;
  }

  /** As {@link io.diskwright.disk.MappedDisk#mapAt}. */
  Extent mapAt(long offset, long limit) throws IOException {
    EntryTable table = table(shape.l1Index(offset));
    if (table == null) {
      return gap(offset, limit);
    }
    long index = shape.l2Index(offset);
    long entry = table.get(index);
    return entry == 0
        ? gap(offset, limit)
        : clusters.extent(
            new Cluster(shape, table, index, entry, offset, shape.within(offset), limit));
  }

  private Extent gap(long offset, long limit) throws IOException {
    VirtualDisk below = backing;
    if (below == null || offset >= below.size()) {
      return new Extent.Zero(offset, gapLength(offset, limit, MAX_GAP), false);
    }
    long length = gapLength(offset, Math.min(limit, below.size() - offset), MAX_BACKED_GAP);
    return below.extentAt(offset, length);
  }

  /** The length of what is unallocated from {@code offset} on, at most {@code limit}. */
  private long gapLength(long offset, long limit, int maxLooks) throws IOException {
    long end = offset;
    for (int looks = 0; end - offset < limit && looks < maxLooks; looks++) {
      long l1Index = shape.l1Index(end);
      EntryTable table = table(l1Index);
      if (table == null) {
        long next = (l1Index + 1) << shape.clusterBits() + shape.l2Bits();
        end = next < 0 ? offset + limit : next; // behind the largest disk there is
      } else if (table.get(shape.l2Index(end)) == 0) {
        end += shape.clusterSize() - shape.within(end);
      } else {
        break;
      }
    }
    return Math.min(limit, end - offset);
  }

  private @Nullable EntryTable table(long l1Index) throws IOException {
    Current last = current;
    if (last != null && last.l1Index == l1Index) {
      return last.table;
    }
    long offset = directory.tableOffset(l1Index);
    if (offset == 0) {
      return null;
    }
    var table =
        new EntryTable(
            cache, directory.source(), "L2 table", offset, 1L << shape.l2Bits(), Long.BYTES, order);
    current = new Current(l1Index, table);
    return table;
  }
}
