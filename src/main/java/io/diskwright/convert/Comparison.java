package io.diskwright.convert;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentReader;
import io.diskwright.disk.VirtualDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Whether two disks hold the same guest-visible bytes. What is zero in both is never read. */
public final class Comparison {

  private static final int CHUNK = 1 << 20;

  private final VirtualDisk a;
  private final VirtualDisk b;
  private final Cancellation cancellation;

  /** Compares two disks, which the caller closes. */
  public Comparison(VirtualDisk a, VirtualDisk b, Cancellation cancellation) {
    this.a = a;
    this.b = b;
    this.cancellation = cancellation;
  }

  /**
   * The first byte in which the disks differ, as far as both reach; empty when they do not.
   *
   * @throws java.util.concurrent.CancellationException when it was cancelled
   */
  public OptionalLong firstDifference() throws IOException {
    return differenceBelow(Math.min(a.size(), b.size()));
  }

  /**
   * The first byte that is not zero in what the longer disk has more than the shorter; empty when
   * all of it is zero, or there is none.
   */
  public OptionalLong firstNonZeroBeyond() throws IOException {
    VirtualDisk longer = a.size() < b.size() ? b : a;
    long from = Math.min(a.size(), b.size());
    try (var reader = new ExtentReader(true)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
      ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK);
      for (long position = from; position < longer.size(); ) {
        cancellation.check();
        Extent extent = longer.extentAt(position, longer.size() - position);
        if (extent instanceof Extent.Zero) {
          position = extent.end();
          continue;
        }
        int length = (int) Math.min(CHUNK, extent.length());
        fill(reader, longer, position, buffer, length);
        int differing = buffer.mismatch(zeros.clear().limit(length));
        if (differing >= 0) {
          return OptionalLong.of(position + differing);
        }
        position += length;
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong differenceBelow(long end) throws IOException {
    try (var readerA = new ExtentReader(true);
        var readerB = new ExtentReader(true)) {
      ByteBuffer bufferA = ByteBuffer.allocateDirect(CHUNK);
      ByteBuffer bufferB = ByteBuffer.allocateDirect(CHUNK);
      for (long position = 0; position < end; ) {
        cancellation.check();
        Extent extentA = a.extentAt(position, end - position);
        Extent extentB = b.extentAt(position, end - position);
        long stored = Math.max(storedLength(extentA), storedLength(extentB));
        if (stored == 0) {
          position += Math.min(extentA.length(), extentB.length());
          continue;
        }
        int length = (int) Math.min(CHUNK, stored);
        fill(readerA, a, position, bufferA, length);
        fill(readerB, b, position, bufferB, length);
        int differing = bufferA.mismatch(bufferB);
        if (differing >= 0) {
          return OptionalLong.of(position + differing);
        }
        position += length;
      }
    }
    return OptionalLong.empty();
  }

  private static long storedLength(Extent extent) {
    return extent instanceof Extent.Zero ? 0 : extent.length();
  }

  private static void fill(
      ExtentReader reader, VirtualDisk disk, long position, ByteBuffer buffer, int length)
      throws IOException {
    reader.read(disk, position, buffer.clear().limit(length));
    buffer.flip();
  }
}
