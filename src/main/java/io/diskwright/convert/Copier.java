package io.diskwright.convert;

import io.diskwright.disk.Extent;
import io.diskwright.target.Target;
import io.diskwright.target.Writer;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Moves every extent of a disk into a target by its shortest way, with several workers that each
 * take the next batch. Memory is a fixed set of buffers, one a worker; the first failure stops all
 * of them.
 */
final class Copier {

  private static final long TICK_MILLIS = 100;

  private final Batches batches;
  private final Target target;
  private final @Nullable ContentDigest digest;
  private final Cancellation cancellation;
  private final Turns turns = new Turns();
  private final LongAdder done = new LongAdder();
  private volatile @Nullable Throwable failure;

  /** What happens beside the copying, on the thread that started it. */
  interface Tick {
    /** Told some times a second how many bytes are done. */
    void at(long done) throws IOException;
  }

  /**
   * @param digest takes what is written; null when nobody wants it
   */
  Copier(
      Batches batches, Target target, @Nullable ContentDigest digest, Cancellation cancellation) {
    this.batches = batches;
    this.target = target;
    this.digest = digest;
    this.cancellation = cancellation;
  }

  /**
   * Copies everything.
   *
   * @param jobs workers, at least 1
   * @param tick called some times a second, and at the end, from this thread
   * @return bytes moved
   */
  long run(int jobs, Tick tick) throws IOException {
    var finished = new CountDownLatch(jobs);
    for (int i = 0; i < jobs; i++) {
      Thread.ofPlatform().daemon().name("copier-" + i).start(() -> work(finished));
    }
    try {
      while (!finished.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (cancellation.requested()) {
          turns.stop();
        }
        tick.at(done.sum());
      }
    } catch (InterruptedException e) {
      cancellation.request();
      turns.stop();
      awaitUninterrupted(finished);
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | Error e) {
      // The disk or the listener failed: that stops the copy as any other failure does.
      fail(e);
      awaitUninterrupted(finished);
    }
    cancellation.check();
    rethrow();
    tick.at(done.sum());
    return done.sum();
  }

  private void work(CountDownLatch finished) {
    BlockHasher hasher = digest == null ? null : new BlockHasher();
    try (Writer writer = target.writer();
        var copy = new ExtentCopy(writer, hasher)) {
      for (Batch batch = take(); batch != null; batch = take()) {
        for (Extent extent : batch.extents()) {
          copy.copy(extent);
          done.add(extent.length());
        }
        copy.flush();
        writer.endBatch();
        if ((digest != null || target.ordered()) && !inTurn(batch, writer, hasher)) {
          return;
        }
        writer.afterTurn();
        batches.finished(batch);
      }
    } catch (Throwable e) {
      fail(e);
    } finally {
      finished.countDown();
    }
  }

  private boolean inTurn(Batch batch, Writer writer, @Nullable BlockHasher hasher)
      throws IOException, InterruptedException {
    if (!turns.await(batch.sequence())) {
      return false;
    }
    writer.inTurn();
    if (digest != null && hasher != null) {
      digest.add(hasher.leaves());
    }
    turns.pass();
    return true;
  }

  private void fail(Throwable e) {
    synchronized (this) {
      if (failure == null) {
        failure = e;
      }
    }
    turns.stop();
  }

  private @Nullable Batch take() throws IOException {
    return cancellation.requested() || failure != null ? null : batches.take();
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
