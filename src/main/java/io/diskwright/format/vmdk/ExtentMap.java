package io.diskwright.format.vmdk;

import io.diskwright.disk.Extent;
import io.diskwright.disk.VirtualDisk;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maps a disk: its extents one after the other, and behind what none of them holds its parent. Safe
 * for any thread.
 */
final class ExtentMap {

  private final List<VmdkExtent> extents;
  private final long[] starts;
  private final @Nullable VirtualDisk parent;

  /** The last stretch that no extent holds: the parent may answer about it in many pieces. */
  private volatile @Nullable Hole hole;

  private record Hole(long start, long end) {}

  /**
   * @param extents in the order of the disk, at least one
   * @param parent null for a whole disk; the caller closes it
   */
  ExtentMap(List<VmdkExtent> extents, @Nullable VirtualDisk parent) {
    this.extents = List.copyOf(extents);
    this.starts = new long[extents.size()];
    this.parent = parent;
    long start = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = start;
      start += extents.get(i).length();
    }
  }

  /** As {@link io.diskwright.disk.MappedDisk#mapAt}. */
  Extent mapAt(long offset, long limit) throws IOException {
    VirtualDisk below = parent;
    if (below == null) {
      return own(offset, limit);
    }
    Hole last = hole;
    if (last == null || offset < last.start || offset >= last.end) {
      Extent extent = own(offset, limit);
      if (!(extent instanceof Extent.Zero zero) || zero.explicit()) {
        return extent;
      }
      last = new Hole(offset, extent.end());
      hole = last;
    }
    long length = Math.min(limit, last.end - offset);
    return offset < below.size()
        ? below.extentAt(offset, Math.min(length, below.size() - offset))
        : new Extent.Zero(offset, length, false);
  }

  private Extent own(long offset, long limit) throws IOException {
    int found = Arrays.binarySearch(starts, offset);
    int index = found >= 0 ? found : -found - 2;
    VmdkExtent extent = extents.get(index);
    long inside = offset - starts[index];
    return extent.mapAt(offset, inside, Math.min(limit, extent.length() - inside));
  }
}
