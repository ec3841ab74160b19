package io.diskwright.io;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;

/** Inflates one whole block at a time. Not safe for several threads: each worker has its own. */
public sealed interface BlockInflater extends Closeable permits JdkInflater, NativeInflater {

  /** The fastest inflater this machine has. */
  static BlockInflater create() {
    return NativeInflater.available() ? new NativeInflater() : new JdkInflater();
  }

  /**
   * Inflates a raw deflate stream (RFC 1951) that fits into {@code out}. Bytes after the stream are
   * no error.
   *
   * @param in direct or not; its position and limit are left as they are
   * @param out receives from its position on; the position moves
   * @return bytes written
   * @throws DataFormatException when the stream is damaged, is cut off before {@code out} is full,
   *     or holds more than {@code out} takes
   */
  int inflateRaw(ByteBuffer in, ByteBuffer out) throws DataFormatException;

  /**
   * Inflates a zlib stream (RFC 1950), its Adler-32 verified when the stream ends within {@code
   * out}. The parameters are those of {@link #inflateRaw}.
   */
  int inflateZlib(ByteBuffer in, ByteBuffer out) throws DataFormatException;

  @Override
  void close();
}
