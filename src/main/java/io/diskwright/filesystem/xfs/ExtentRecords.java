package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import org.jspecify.annotations.Nullable;

/** Extent records that stand in order, checked when they are taken. */
final class ExtentRecords {

  static final int SIZE = 16;

  private static final int COUNT_BITS = 21;
  private static final int OFFSET_AT = 9;
  private static final long LOW_BLOCK_BITS = Long.SIZE - COUNT_BITS;

  private final ByteView view;
  private final int at;
  private final int count;

  private ExtentRecords(ByteView view, int at, int count) {
    this.view = view;
    this.at = at;
    this.count = count;
  }

  /**
   * Takes records.
   *
   * @param at where they start in the view
   * @param count how many, which fit
   * @param mayBeUnwritten whether the fork may have blocks that are reserved only
   * @throws CorruptImage when they overlap, are out of order or leave the filesystem
   */
  static ExtentRecords parse(
      ByteView view, int at, int count, Geometry geometry, boolean mayBeUnwritten)
      throws CorruptImage {
    var records = new ExtentRecords(view, at, count);
    long end = 0;
    for (int i = 0; i < count; i++) {
      Extent extent = records.get(i);
      int place = at + i * SIZE;
      if (extent.count() == 0 || !geometry.holds(extent.block(), extent.count())) {
        throw view.corrupt(
            "extent " + i,
            place,
            Fault.number(extent.count()) + " blocks from " + Fault.number(extent.block()) + " on",
            "blocks inside one allocation group");
      }
      if (extent.offset() < end) {
        throw view.corrupt(
            "extent " + i,
            place,
            "file block " + Fault.number(extent.offset()),
            Fault.number(end) + " or more, after the extent before");
      }
      if (extent.unwritten() && !mayBeUnwritten) {
        throw view.corrupt("extent " + i, place, "an unwritten extent", "written ones");
      }
      end = extent.end();
    }
    return records;
  }

  int count() {
    return count;
  }

  Extent get(int index) throws CorruptImage {
    long high = view.u64(at + index * SIZE);
    long low = view.u64(at + index * SIZE + 8);
    return new Extent(
        (high & Long.MAX_VALUE) >>> OFFSET_AT,
        (high & (1 << OFFSET_AT) - 1) << LOW_BLOCK_BITS | low >>> COUNT_BITS,
        low & (1 << COUNT_BITS) - 1,
        high < 0);
  }

  /** The first extent that ends behind a block of the file; null when there is none. */
  @Nullable Extent find(long fileBlock) throws CorruptImage {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).end() > fileBlock) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low < count ? get(low) : null;
  }
}
