package io.diskwright.convert;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.target.FileTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves every extent of a disk into a target by its shortest way, with several workers that each
 * take the next piece of the map. Memory is a fixed set of buffers, one a worker; the first failure
 * stops all of them.
 */
final class Copier {

  /** Guest bytes a worker takes at once: enough to be worth it, little enough to share the end. */
  private static final long BATCH_BYTES = 4 << 20;

  /** Extents a worker takes at once, so that scattered small ones keep batches short, too. */
  private static final int BATCH_EXTENTS = 256;

  private static final long PROGRESS_MILLIS = 100;

  private final ExtentCursor cursor;
  private final FileTarget target;
  private final int jobs;
  private final Cancellation cancellation;
  private final LongAdder done = new LongAdder();
  private @Nullable Extent rest;
  private volatile @Nullable Throwable failure;

  /**
   * @param jobs workers, at least 1
   */
  Copier(Plan plan, FileTarget target, int jobs, Cancellation cancellation) {
    this.cursor = new ExtentCursor(plan.disk(), 0, plan.disk().size());
    this.target = target;
    this.jobs = jobs;
    this.cancellation = cancellation;
  }

  /**
   * Copies everything.
   *
   * @param progress told the bytes done, some times a second, from this thread
   */
  void run(LongConsumer progress) throws IOException {
    var finished = new CountDownLatch(jobs);
    for (int i = 0; i < jobs; i++) {
      Thread.ofPlatform().daemon().name("copier-" + i).start(() -> work(finished));
    }
    try {
      while (!finished.await(PROGRESS_MILLIS, TimeUnit.MILLISECONDS)) {
        progress.accept(done.sum());
      }
    } catch (InterruptedException e) {
      cancellation.request();
      awaitUninterrupted(finished);
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // The listener failed: that stops the copy as any other failure does.
      fail(e);
      awaitUninterrupted(finished);
    }
    cancellation.check();
    rethrow();
    progress.accept(done.sum());
  }

  private void work(CountDownLatch finished) {
    try (FileTarget.Writer writer = target.writer();
        var copy = new ExtentCopy(writer)) {
      for (List<Extent> batch = take(); !batch.isEmpty(); batch = take()) {
        for (Extent extent : batch) {
          copy.copy(extent);
          done.add(extent.length());
        }
        copy.flush();
      }
    } catch (Throwable e) {
      fail(e);
    } finally {
      finished.countDown();
    }
  }

  private synchronized void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
  }

  /** The next extents with bytes to move, in order; none at the end or when it is time to stop. */
  private synchronized List<Extent> take() throws IOException {
    var batch = new ArrayList<Extent>();
    long bytes = 0;
    while (bytes < BATCH_BYTES && batch.size() < BATCH_EXTENTS) {
      if (cancellation.requested() || failure != null) {
        return List.of();
      }
      Extent extent = rest == null ? cursor.next() : rest;
      rest = null;
      if (extent == null) {
        break;
      }
      if (extent instanceof Extent.Zero) {
        continue;
      }
      if (extent instanceof Extent.Data data && data.length() > BATCH_BYTES - bytes) {
        long taken = BATCH_BYTES - bytes;
        rest =
            new Extent.Data(
                data.start() + taken,
                data.length() - taken,
                data.source(),
                data.sourceOffset() + taken);
        extent = data.head(taken);
      }
      batch.add(extent);
      bytes += extent.length();
    }
    return batch;
  }

  private void rethrow() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private static void awaitUninterrupted(CountDownLatch finished) {
    while (true) {
      try {
        finished.await();
        return;
      } catch (InterruptedException e) {
        // The workers must be gone before their files are closed; they stop at their next extent.
      }
    }
  }
}
