package io.diskwright.convert;

import io.diskwright.disk.Extent;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.target.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the extents of a disk into batches, hands them to the workers, and knows how far the work is
 * done without a gap. Safe for any thread.
 */
final class Batches {

  /** What yields the extents of a disk; null at its end. */
  interface Extents {
    @Nullable Extent next() throws IOException;
  }

  /** Guest bytes a worker takes at once: enough to be worth it, little enough to share the end. */
  private static final long BATCH_BYTES = 4 << 20;

  /** Extents a worker takes at once, so that scattered small ones keep batches short, too. */
  private static final int BATCH_EXTENTS = 256;

  private final Extents source;
  private final Target target;
  private final long from;
  private final String name;
  private final boolean mustAscend;
  private final TreeSet<Long> unfinished = new TreeSet<>();
  private @Nullable Extent rest;
  private long sequence;
  private long end;
  private boolean ascending = true;
  private boolean failed;

  /**
   * @param name the disk's, for messages
   * @param target told of the extents in order
   * @param from what lies before was moved by an earlier run: the target is told of it, but no
   *     batch holds it; a multiple of {@link Batch#WINDOW}
   * @param mustAscend whether a disk that comes out of order is refused
   */
  Batches(Extents source, String name, Target target, long from, boolean mustAscend) {
    this.source = source;
    this.name = name;
    this.target = target;
    this.from = from;
    this.mustAscend = mustAscend;
  }

  /**
   * The next batch, or null at the end. When the disk has failed one worker the others get none: it
   * must not be asked again.
   */
  synchronized @Nullable Batch take() throws IOException {
    if (failed) {
      return null;
    }
    failed = true;
    Batch batch = takeOne();
    failed = false;
    return batch;
  }

  private @Nullable Batch takeOne() throws IOException {
    var extents = new ArrayList<Extent>();
    long bytes = 0;
    for (Extent extent = next(); extent != null; extent = next()) {
      boolean full = bytes >= BATCH_BYTES || extents.size() >= BATCH_EXTENTS;
      if (!extents.isEmpty() && (extent.start() < end || (full && !sharesWindow(extent)))) {
        rest = extent;
        break;
      }
      if (extent.start() < end) {
        requireOrder(extent);
      }
      extent = shortened(extent, BATCH_BYTES - bytes);
      target.expect(extent);
      extents.add(extent);
      bytes += extent.length();
      end = extent.end();
    }
    if (extents.isEmpty()) {
      return null;
    }
    unfinished.add(extents.getFirst().start());
    return new Batch(sequence++, List.copyOf(extents));
  }

  private boolean sharesWindow(Extent extent) {
    return extent.start() / Batch.WINDOW == (end - 1) / Batch.WINDOW;
  }

  private void requireOrder(Extent extent) throws IOException {
    if (mustAscend) {
      throw new UnsupportedFeature(
          name,
          "order of the stream",
          Fault.NOWHERE,
          "byte " + extent.start() + " of the disk after byte " + end,
          "a stream in the order of the disk, to be written in order",
          "Save the image as a file first");
    }
    ascending = false;
  }

  /** The next extent that holds bytes and was not moved by an earlier run. */
  private @Nullable Extent next() throws IOException {
    Extent extent = rest;
    rest = null;
    while (true) {
      if (extent == null) {
        extent = source.next();
      }
      if (extent == null) {
        return null;
      }
      if (extent instanceof Extent.Zero) {
        extent = null;
      } else if (extent.end() <= from) {
        target.expect(extent);
        extent = null;
      } else if (extent.start() < from && extent instanceof Extent.Data data) {
        long skip = from - data.start();
        target.expect(data.head(skip));
        extent = tail(data, skip);
      } else {
        return extent;
      }
    }
  }

  /** Cuts data at the end of the window in which the batch is full; the tail comes next. */
  private Extent shortened(Extent extent, long room) {
    if (!(extent instanceof Extent.Data data)) {
      return extent;
    }
    long cut =
        Math.ceilDiv(data.start() + Math.max(1, room), (long) Batch.WINDOW) * Batch.WINDOW
            - data.start();
    if (cut >= data.length()) {
      return extent;
    }
    rest = tail(data, cut);
    return data.head(cut);
  }

  private static Extent.Data tail(Extent.Data data, long skip) {
    return new Extent.Data(
        data.start() + skip, data.length() - skip, data.source(), data.sourceOffset() + skip);
  }

  /** A worker has written the batch. */
  synchronized void finished(Batch batch) {
    unfinished.remove(batch.start());
  }

  /**
   * Below this offset everything is written; a multiple of {@link Batch#WINDOW}. 0 when the disk
   * came out of order.
   */
  synchronized long writtenBelow() {
    if (!ascending) {
      return 0;
    }
    long written = unfinished.isEmpty() ? end : unfinished.first();
    return written / Batch.WINDOW * Batch.WINDOW;
  }

  /** Whether every extent so far came after the one before. */
  synchronized boolean ascending() {
    return ascending;
  }
}
