package io.diskwright.convert;

import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.target.Target;
import io.diskwright.target.Writer;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Computes the {@linkplain ContentDigest content digest} of disks, as a conversion into nothing.
 */
public final class ContentDigests {

  private ContentDigests() {}

  /**
   * The digest of a disk.
   *
   * @param jobs threads, at least 1
   * @throws java.util.concurrent.CancellationException when it was cancelled
   */
  public static String of(VirtualDisk disk, int jobs, Cancellation cancellation)
      throws IOException {
    var digest = new ContentDigest();
    add(disk, disk.size(), digest, jobs, cancellation);
    return digest.finish(disk.size());
  }

  /** Adds what lies below {@code end}, a multiple of {@link Batch#WINDOW} or the disk's size. */
  static void add(
      VirtualDisk disk, long end, ContentDigest digest, int jobs, Cancellation cancellation)
      throws IOException {
    var nothing = new Nothing();
    var batches =
        new Batches(new ExtentCursor(disk, 0, end)::next, disk.describe(), nothing, 0, true);
    new Copier(batches, nothing, digest, cancellation).run(jobs, done -> {});
  }

  private static final class Nothing implements Target, Writer {
    @Override
    public boolean ordered() {
      return false;
    }

    @Override
    public Writer writer() {
      return this;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) {}

    @Override
    public void flush() {}

    @Override
    public long finish(long virtualSize) {
      return 0;
    }

    @Override
    public void publish() {}

    @Override
    public void close() {}
  }
}
