package io.diskwright.filesystem.xfs;

import java.util.BitSet;

/**
 * Which blocks are free and which are used, as far as was told, in a stretch of the filesystem: a
 * large one is gone through in several. Blocks outside are left alone.
 *
 * @see #MAX_BLOCKS
 */
final class SpaceMap {

  /** Blocks of a stretch: three bits each, 96 MiB in all. */
  static final int MAX_BLOCKS = 1 << 28;

  private final Geometry geometry;
  private final Report report;
  private final long start;
  private final int length;
  private final BitSet free = new BitSet();
  private final BitSet used = new BitSet();
  private final BitSet shared = new BitSet();

  /**
   * @param start the first block, counted from the start of the volume
   * @param length how many
   */
  SpaceMap(Geometry geometry, Report report, long start, int length) {
    this.geometry = geometry;
    this.report = report;
    this.start = start;
    this.length = length;
  }

  private record Range(int from, int to) {}

  /** The part of an extent, which lies inside the filesystem, that is in this stretch. */
  private Range range(long block, long count) {
    long first = geometry.linear(block) - start;
    long from = Math.clamp(first, 0, length);
    long to = Math.clamp(first + count, 0, length);
    return new Range((int) from, (int) to);
  }

  /** Notes that blocks are free, each once. */
  void free(long block, long count, String by) {
    Range range = range(block, count);
    complain(free, range, "free space of " + by, "free already");
    complain(used, range, "free space of " + by, "used");
    free.set(range.from, range.to);
  }

  /** Whether all these blocks, as far as they are in the stretch, were noted as free. */
  boolean isFree(long block, long count) {
    Range range = range(block, count);
    return free.nextClearBit(range.from) >= range.to;
  }

  /** Notes that several files may use these blocks. */
  void share(long block, long count) {
    Range range = range(block, count);
    shared.set(range.from, range.to);
  }

  /** Notes that blocks are used, each once. */
  void use(long block, long count, String by) {
    Range range = range(block, count);
    complain(free, range, by, "free");
    complain(used, range, by, "used already");
    used.set(range.from, range.to);
  }

  /** Notes that content of a file lies in blocks, which may be shared with other files. */
  void useForContent(long block, long count, String by) {
    Range range = range(block, count);
    complain(free, range, by, "free");
    int at = used.nextSetBit(range.from);
    while (at >= 0 && at < range.to) {
      if (!shared.get(at)) {
        complain(used, new Range(at, range.to), by, "used already");
        break;
      }
      int end = Math.min(used.nextClearBit(at), shared.nextClearBit(at));
      at = used.nextSetBit(end);
    }
    used.set(range.from, range.to);
  }

  private void complain(BitSet blocks, Range range, String by, String state) {
    int at = blocks.nextSetBit(range.from);
    if (at >= 0 && at < range.to) {
      report.problem(by, "block " + (start + at) + " is " + state, "blocks of its own");
    }
  }

  /** Reports blocks that are neither free nor used. */
  void reportLost() {
    BitSet known = free;
    known.or(used);
    long lost = length - known.cardinality();
    if (lost > 0) {
      report.problem(
          "free space",
          lost + " blocks neither free nor used, the first " + (start + known.nextClearBit(0)),
          "every block free or used");
    }
  }
}
