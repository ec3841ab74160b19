package io.diskwright.format.qcow2;

import io.diskwright.disk.Extent;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.ByteSource;
import io.diskwright.io.PageCache;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Maps guest offsets to extents through the L1 and L2 tables; what becomes of a cluster's bytes is
 * {@link StoredClusters}' matter. Safe for any thread.
 */
final class ClusterMap {

  /** L2 entries looked at to make an extent longer. */
  private static final int MAX_RUN = 4096;

  /** Tables and entries looked at to find the end of a gap. */
  private static final int MAX_GAP = 1 << 16;

  /**
   * The same with a backing file. It may answer with a short extent, and the rest of the gap is
   * measured again.
   */
  private static final int MAX_BACKED_GAP = 128;

  private final ByteSource source;
  private final Layout layout;
  private final L1Table l1;
  private final StoredClusters stored;
  private final PageCache cache;
  private final @Nullable VirtualDisk backing;

  /** The table used last, since most calls stay in one. */
  private volatile @Nullable Current current;

  private record Current(long l1Index, L2Table table) {}

  ClusterMap(
      ByteSource source,
      L1Table l1,
      StoredClusters stored,
      PageCache cache,
      @Nullable VirtualDisk backing) {
    this.source = source;
    this.layout = l1.layout();
    this.l1 = l1;
    this.stored = stored;
    this.cache = cache;
    this.backing = backing;
  }

  /** As {@link io.diskwright.disk.MappedDisk#mapAt}. */
  Extent mapAt(long offset, long limit) throws IOException {
    L2Table table = table(layout.l1Index(offset));
    if (table == null) {
      return gap(offset, limit);
    }
    int index = layout.l2Index(offset);
    int within = layout.within(offset);
    L2Entry entry = table.entry(index);
    return switch (entry.contentAt(within)) {
      case UNALLOCATED -> gap(offset, limit);
      case ZERO -> new Extent.Zero(offset, run(table, index, entry, within, limit), true);
      case DATA ->
          stored.data(
              new StoredClusters.Place(table, index, offset),
              entry,
              Math.min(limit, run(table, index, entry, within, limit)));
      case COMPRESSED ->
          stored.compressed(new StoredClusters.Place(table, index, offset), entry.descriptor());
    };
  }

  /**
   * The bytes from {@code within} on that have the same content and, if it is data, lie together.
   */
  private long run(L2Table table, int index, L2Entry entry, int within, long limit)
      throws IOException {
    int clusterSize = layout.clusterSize();
    int end = entry.contentEnd(within);
    long length = end - within;
    if (end < clusterSize || entry.contentEnd(0) < clusterSize) {
      return length;
    }
    long step = entry.hasHost() ? clusterSize : 0;
    long expected = entry.descriptor() & ~L2Entry.COPIED;
    long last = Math.min(layout.l2Entries() - 1, (long) index + MAX_RUN);
    for (int i = index + 1; i <= last && length < limit; i++) {
      expected += step;
      boolean carried = step != 0 && (expected & L2Entry.OFFSET) == 0;
      if (carried || !table.continues(i, expected, entry.bitmap())) {
        break;
      }
      length += clusterSize;
    }
    return length;
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
    long position = offset;
    int looks = 0;
    while (position - offset < limit && looks < maxLooks) {
      L2Table table = table(layout.l1Index(position));
      looks++;
      if (table == null) {
        position = (layout.l1Index(position) + 1) << layout.l1Shift();
        continue;
      }
      int index = layout.l2Index(position);
      if (position == offset) {
        position += firstGap(table, index, layout.within(position));
        if (layout.within(position) != 0) {
          break;
        }
        index++;
      }
      while (index < layout.l2Entries()
          && position - offset < limit
          && looks < maxLooks
          && table.isEmpty(index)) {
        index++;
        looks++;
        position += layout.clusterSize();
      }
      if (index < layout.l2Entries()) {
        break;
      }
    }
    return Math.min(limit, position - offset);
  }

  private int firstGap(L2Table table, int index, int within) throws IOException {
    return table.entry(index).contentEnd(within) - within;
  }

  private @Nullable L2Table table(long l1Index) throws IOException {
    Current last = current;
    if (last != null && last.l1Index == l1Index) {
      return last.table;
    }
    long offset = l1.l2Offset(l1Index);
    if (offset == 0) {
      return null;
    }
    var table = new L2Table(cache, source, offset, layout);
    current = new Current(l1Index, table);
    return table;
  }
}
