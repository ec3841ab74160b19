package io.diskwright.format.vhdx;

import io.diskwright.io.ByteSource;
import io.diskwright.io.EntryTable;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Which sectors of partially present blocks are stored: one bit a sector, the lowest bit of a byte
 * first, 1 for "here". Safe for any thread.
 */
final class SectorBitmaps {

  private final ByteSource source;
  private final PageCache cache;

  /** The bitmap used last, since most calls stay in one. */
  private volatile @Nullable Current current;

  private record Current(long offset, EntryTable words) {}

  SectorBitmaps(ByteSource source, PageCache cache) {
    this.source = source;
    this.cache = cache;
  }

  /**
   * Whether a sector is stored.
   *
   * @param bitmap where its bitmap starts, in bytes
   * @param sector from 0 to below the sectors of a bitmap
   */
  boolean isStored(long bitmap, long sector) throws IOException {
    return (words(bitmap).get(sector / Long.SIZE) >>> sector & 1) != 0;
  }

  /**
   * How many sectors from one on are as it is, stored or not.
   *
   * @param limit at least 1; as many bits are in the bitmap
   */
  long run(long bitmap, long sector, long limit) throws IOException {
    EntryTable words = words(bitmap);
    // Turned so that the run is one of zeros, whose end can be counted.
    long flip = isStored(bitmap, sector) ? -1 : 0;
    long length = 0;
    while (length < limit) {
      int bit = (int) ((sector + length) % Long.SIZE);
      long rest = (words.get((sector + length) / Long.SIZE) ^ flip) >>> bit;
      int same = Math.min(Long.numberOfTrailingZeros(rest), Long.SIZE - bit);
      length += same;
      if (bit + same < Long.SIZE) {
        break;
      }
    }
    return Math.min(length, limit);
  }

  private EntryTable words(long bitmap) throws IOException {
    Current last = current;
    if (last != null && last.offset == bitmap) {
      return last.words;
    }
    var words =
        new EntryTable(
            cache,
            source,
            "sector bitmap block",
            bitmap,
            BlockAllocationTable.BITMAP_SIZE / Long.BYTES,
            Long.BYTES,
            ByteOrder.LITTLE_ENDIAN);
    current = new Current(bitmap, words);
    return words;
  }
}
