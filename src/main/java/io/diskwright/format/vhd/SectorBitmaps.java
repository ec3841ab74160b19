package io.diskwright.format.vhd;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * The bitmaps before the blocks of a differencing image: which sectors it stores, and which are the
 * parent's. The first sector is the highest bit of the first byte. Safe for any thread.
 */
final class SectorBitmaps {

  private final EntryTable words;

  /** Neighbouring sectors, all stored or all the parent's. */
  record Stretch(boolean stored, int sectors) {}

  /** Bitmaps start at multiples of 512, so the whole file is one table of words to read them in. */
  SectorBitmaps(ByteSource source, PageCache cache) throws CorruptImage {
    words =
        new EntryTable(
            cache,
            source,
            "sector bitmap",
            0,
            source.size() / Long.BYTES,
            Long.BYTES,
            ByteOrder.BIG_ENDIAN);
  }

  /**
   * Whether a sector is stored, and how many from it on are like it.
   *
   * @param bitmap where the block's bitmap starts, bytes from the start of the file
   * @param sector which sector of the block, from 0 on
   * @param limit sectors asked about, at least 1
   * @return at most {@code limit} sectors
   */
  Stretch stretchAt(long bitmap, int sector, int limit) throws IOException {
    boolean stored = (wordAt(bitmap, sector) & bit(sector)) != 0;
    int count = 0;
    while (count < limit) {
      int at = sector + count;
      long rest = wordAt(bitmap, at) << at;
      int same = Long.numberOfLeadingZeros(stored ? ~rest : rest);
      int left = Long.SIZE - at % Long.SIZE;
      count += Math.min(same, left);
      if (same < left) {
        break;
      }
    }
    return new Stretch(stored, Math.min(count, limit));
  }

  private long wordAt(long bitmap, int sector) throws IOException {
    return words.get(bitmap / Long.BYTES + sector / Long.SIZE);
  }

  private static long bit(int sector) {
    return Long.MIN_VALUE >>> sector;
  }
}
