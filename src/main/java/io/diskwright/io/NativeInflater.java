package io.diskwright.io;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.deflate.DeflateNativeDecompressor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Adler32;
import java.util.zip.DataFormatException;

/**
 * libdeflate, more than twice as fast as the JDK's zlib on whole blocks. What it does not accept
 * goes to the {@link JdkInflater}, which decides whether the block is damaged.
 */
final class NativeInflater implements BlockInflater {

  private static final int ZLIB_HEADER = 2;
  private static final int ZLIB_TRAILER = 4;
  private static final int ZLIB_METHOD_DEFLATE = 8;
  private static final int ZLIB_PRESET_DICTIONARY = 0x20;

  private final DeflateNativeDecompressor deflate = new DeflateNativeDecompressor();
  private final JdkInflater judge = new JdkInflater();

  static boolean available() {
    return Native.enabled() && DeflateNativeDecompressor.isEnabled();
  }

  @Override
  public int inflateRaw(ByteBuffer in, ByteBuffer out) throws DataFormatException {
    int written = attempt(in, out);
    return written >= 0 ? written : judge.inflateRaw(in, out);
  }

  @Override
  public int inflateZlib(ByteBuffer in, ByteBuffer out) throws DataFormatException {
    if (plainZlib(in)) {
      int start = out.position();
      int end = in.limit() - ZLIB_TRAILER;
      ByteBuffer body = in.duplicate().position(in.position() + ZLIB_HEADER).limit(end);
      int written = attempt(body, out);
      if (written >= 0) {
        var adler = new Adler32();
        adler.update(out.duplicate().position(start).limit(start + written));
        // The caller's buffer may have either order; zlib's is fixed.
        if ((int) adler.getValue() == in.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(end)) {
          return written;
        }
        out.position(start);
      }
    }
    return judge.inflateZlib(in, out);
  }

  /** Bytes written, or -1 with {@code out} where it was. */
  private int attempt(ByteBuffer in, ByteBuffer out) {
    try {
      int written = deflate.decompress(MemorySegment.ofBuffer(in), MemorySegment.ofBuffer(out));
      out.position(out.position() + written);
      return written;
    } catch (MalformedInputException | IllegalArgumentException e) {
      return -1;
    }
  }

  private static boolean plainZlib(ByteBuffer in) {
    if (in.remaining() < ZLIB_HEADER + ZLIB_TRAILER) {
      return false;
    }
    int method = Byte.toUnsignedInt(in.get(in.position()));
    int flags = Byte.toUnsignedInt(in.get(in.position() + 1));
    return (method & 0xf) == ZLIB_METHOD_DEFLATE
        && (flags & ZLIB_PRESET_DICTIONARY) == 0
        && ((method << 8) | flags) % 31 == 0;
  }

  @Override
  public void close() {
    judge.close(); // the native decompressor is freed when it becomes unreachable
  }
}
