package io.diskwright.convert;

import io.diskwright.disk.Extent;
import java.util.List;

/**
 * What a worker takes at once. No two batches share a block of {@link #WINDOW} bytes of the disk,
 * unless their disk comes out of order.
 *
 * @param sequence counts the batches from 0 on
 * @param extents what to move, with ascending starts; at least one
 */
record Batch(long sequence, List<Extent> extents) {

  /** Bytes of the disk that are never split between batches. */
  static final int WINDOW = 1 << 16;

  long start() {
    return extents.getFirst().start();
  }
}
