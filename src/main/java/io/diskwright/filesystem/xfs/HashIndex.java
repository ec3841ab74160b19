package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;

/**
 * Hashes in ascending order, with what each leads to: places of entries, or blocks of an index.
 *
 * @param at where the first one lies in the view; {@code count} of 8 bytes each fit
 */
record HashIndex(ByteView view, int at, int count) {

  static final int ENTRY = 8;

  long hash(int index) throws CorruptImage {
    return view.u32(at + index * ENTRY);
  }

  long value(int index) throws CorruptImage {
    return view.u32(at + index * ENTRY + 4);
  }

  /** The first entry whose hash is not smaller; {@link #count} when there is none. */
  int find(long hash) throws CorruptImage {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (hash(middle) >= hash) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
