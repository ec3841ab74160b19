package io.diskwright.io;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.Closeable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one worker needs to decode blocks: an off-heap buffer for encoded bytes and the codecs'
 * states, made on first use. Not safe for several threads.
 */
public final class Workspace implements Closeable {

  /** The largest encoded block that is read in one piece, in bytes. */
  public static final int MAX_ENCODED = 8 << 20;

  private final boolean bulk;
  private @Nullable ByteBuffer encoded;
  private @Nullable BlockInflater inflater;
  private @Nullable ZstdDecompressCtx zstd;

  /**
   * A workspace without codecs yet.
   *
   * @param bulk whether many blocks will be decoded; for a few, loading a faster inflater would
   *     take longer than the JDK's takes to inflate them
   */
  public Workspace(boolean bulk) {
    this.bulk = bulk;
  }

  /**
   * A cleared direct buffer with {@code length} bytes remaining; the same memory each time.
   *
   * @param length from 0 to {@link #MAX_ENCODED}
   */
  public ByteBuffer encoded(int length) {
    if (length < 0 || length > MAX_ENCODED) {
      throw new IllegalArgumentException("encoded length " + length);
    }
    ByteBuffer buffer = encoded;
    if (buffer == null || buffer.capacity() < length) {
      buffer = ByteBuffer.allocateDirect(Math.max(length, 1 << 17));
      encoded = buffer;
    }
    return buffer.clear().limit(length);
  }

  /** The worker's inflater. */
  public BlockInflater inflater() {
    BlockInflater current = inflater;
    if (current == null) {
      current = bulk ? BlockInflater.create() : new JdkInflater();
      inflater = current;
    }
    return current;
  }

  /** The worker's Zstandard state. */
  public ZstdDecompressCtx zstd() {
    ZstdDecompressCtx current = zstd;
    if (current == null) {
      current = new ZstdDecompressCtx();
      zstd = current;
    }
    return current;
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.close();
    }
    if (zstd != null) {
      zstd.close();
    }
  }
}
