package io.diskwright.convert;

import io.diskwright.disk.Extent;
import io.diskwright.io.FileRange;
import io.diskwright.io.Native;
import io.diskwright.io.Workspace;
import io.diskwright.target.Writer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One worker's way of moving extents: file to file inside the kernel, or decoded into a buffer that
 * gathers neighbours and is written in one piece. For one thread.
 */
final class ExtentCopy implements Closeable {

  private static final int BUFFER = 1 << 20;
  private static final int PIECE = 1 << 16;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PIECE).asReadOnlyBuffer();

  private final Writer writer;
  private final @Nullable BlockHasher hasher;
  private final Workspace workspace = new Workspace(true);
  private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private long bufferStart;

  /**
   * @param hasher takes all that is written; null when nobody wants its digest
   */
  ExtentCopy(Writer writer, @Nullable BlockHasher hasher) {
    this.writer = writer;
    this.hasher = hasher;
  }

  /** Moves an extent; what it gathers is written by {@link #flush} at the latest. */
  void copy(Extent extent) throws IOException {
    switch (extent) {
      case Extent.Zero zero -> {}
      case Extent.Data data -> copyData(data);
      case Extent.Encoded encoded -> decode(encoded);
    }
  }

  private void copyData(Extent.Data data) throws IOException {
    if (hasher == null && writer.copies() && Native.enabled()) {
      FileRange range = data.source().fileRange(data.sourceOffset(), data.length());
      if (range != null) {
        writer.copy(range, data.start());
        return;
      }
    }
    // Zeros that are stored are told by looking, and left out.
    for (long position = 0; position < data.length(); position += PIECE) {
      int count = (int) Math.min(PIECE, data.length() - position);
      reserve(data.start() + position, count);
      ByteBuffer piece = buffer.slice(buffer.position(), count);
      data.source().read(data.sourceOffset() + position, piece);
      if (piece.flip().mismatch(ZEROS.slice(0, count)) >= 0) {
        buffer.position(buffer.position() + count);
      }
    }
  }

  private void decode(Extent.Encoded block) throws IOException {
    reserve(block.start(), block.blockLength());
    int start = buffer.position();
    ByteBuffer window = buffer.slice(start, block.blockLength());
    block
        .codec()
        .decode(block.source(), block.sourceOffset(), block.encodedLength(), window, workspace);
    int length = (int) block.length();
    if (block.skip() > 0) {
      buffer.put(start, buffer, start + block.skip(), length);
    }
    buffer.position(start + length);
  }

  /** Makes room for bytes that go to {@code offset}, writing out what does not adjoin them. */
  private void reserve(long offset, int length) throws IOException {
    boolean adjoins = bufferStart + buffer.position() == offset;
    if (!adjoins || buffer.remaining() < length) {
      flush();
      bufferStart = offset;
    }
    if (buffer.capacity() < length) {
      buffer = ByteBuffer.allocateDirect(length);
    }
  }

  /** Writes what was gathered. */
  void flush() throws IOException {
    if (buffer.position() == 0) {
      return;
    }
    buffer.flip();
    if (hasher != null) {
      hasher.add(buffer, bufferStart);
    }
    writer.write(buffer, bufferStart);
    buffer.clear();
  }

  @Override
  public void close() {
    workspace.close();
  }
}
