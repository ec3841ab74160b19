package io.diskwright.disk;

import io.diskwright.io.Workspace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a disk's bytes, one thread's way: it keeps its codecs and the last decoded block, since a
 * partition table or a directory is read in many pieces of one cluster.
 */
public final class ExtentReader implements Closeable {

  private static final byte[] ZEROS = new byte[8192];

  private final Workspace workspace;
  private @Nullable ByteBuffer block;
  private Extent.@Nullable Encoded blockOf;

  /**
   * A reader without blocks yet.
   *
   * @param bulk whether much will be read, as {@link Workspace#Workspace}
   */
  public ExtentReader(boolean bulk) {
    this.workspace = new Workspace(bulk);
  }

  /**
   * Fills the remaining space of {@code target} with the disk's bytes from {@code offset} on.
   *
   * @throws IndexOutOfBoundsException when the range leaves the disk
   */
  public void read(VirtualDisk disk, long offset, ByteBuffer target) throws IOException {
    Objects.checkFromIndexSize(offset, target.remaining(), disk.size());
    long position = offset;
    while (target.hasRemaining()) {
      Extent extent = disk.extentAt(position, target.remaining());
      read(extent, target);
      position = extent.end();
    }
  }

  /** Puts the whole extent into {@code target}, which has the space for it. */
  public void read(Extent extent, ByteBuffer target) throws IOException {
    int length = Math.toIntExact(extent.length());
    switch (extent) {
      case Extent.Zero zero -> putZeros(target, length);
      case Extent.Data data -> {
        int limit = target.limit();
        data.source().read(data.sourceOffset(), target.limit(target.position() + length));
        target.limit(limit);
      }
      case Extent.Encoded encoded -> target.put(decoded(encoded).slice(encoded.skip(), length));
    }
  }

  private static void putZeros(ByteBuffer target, int length) {
    for (int left = length; left > 0; left -= ZEROS.length) {
      target.put(ZEROS, 0, Math.min(left, ZEROS.length));
    }
  }

  private ByteBuffer decoded(Extent.Encoded extent) throws IOException {
    ByteBuffer buffer = block;
    if (buffer != null && blockOf != null && sameBlock(blockOf, extent)) {
      return buffer;
    }
    if (buffer == null || buffer.capacity() < extent.blockLength()) {
      buffer = ByteBuffer.allocateDirect(extent.blockLength());
      block = buffer;
    }
    blockOf = null;
    buffer.clear().limit(extent.blockLength());
    extent
        .codec()
        .decode(
            extent.source(),
            extent.sourceOffset(),
            extent.encodedLength(),
            buffer.duplicate(),
            workspace);
    blockOf = extent;
    return buffer;
  }

  /** The codec counts, too: it may know which block of the disk it has to find at the offset. */
  private static boolean sameBlock(Extent.Encoded a, Extent.Encoded b) {
    return a.source() == b.source()
        && a.sourceOffset() == b.sourceOffset()
        && a.blockLength() == b.blockLength()
        && a.codec().equals(b.codec());
  }

  @Override
  public void close() {
    workspace.close();
  }
}
