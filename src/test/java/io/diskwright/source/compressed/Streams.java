package io.diskwright.source.compressed;

import com.github.luben.zstd.ZstdOutputStream;
import io.diskwright.io.ForwardSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Streams made by the JDK and by the libraries' own encoders, and what is read of such. */
final class Streams {

  private Streams() {}

  /** A compressor around a sink. */
  interface Encoder {
    OutputStream around(OutputStream sink) throws IOException;
  }

  /** Content that compresses, but not to nothing: runs of 16, and noise in every fourth. */
  static byte[] content(int size, long seed) {
    var random = new Random(seed);
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    for (int i = 0; i < size; i += 64) {
      Arrays.fill(bytes, i, Math.min(size, i + 48), (byte) random.nextInt(20));
    }
    return bytes;
  }

  /** One member, stream or frame with every checksum that its format has. */
  static byte[] encode(CompressedFormat format, byte[] content) throws IOException {
    return switch (format) {
      case GZIP -> encode(content, GZIPOutputStream::new);
      case XZ -> encode(content, sink -> new XZOutputStream(sink, new LZMA2Options(0)));
      case ZSTD -> encode(content, sink -> new ZstdOutputStream(sink).setChecksum(true));
      case BZIP2 -> encode(content, sink -> new BZip2CompressorOutputStream(sink, 1));
      case LZ4 ->
          encode(
              content,
              sink ->
                  new LZ4FrameOutputStream(
                      sink,
                      BLOCKSIZE.SIZE_64KB,
                      content.length,
                      Bits.BLOCK_INDEPENDENCE,
                      Bits.CONTENT_SIZE,
                      Bits.CONTENT_CHECKSUM));
    };
  }

  static byte[] encode(byte[] content, Encoder encoder) throws IOException {
    var sink = new ByteArrayOutputStream();
    try (OutputStream stream = encoder.around(sink)) {
      stream.write(content);
    }
    return sink.toByteArray();
  }

  /** All of a file's content. */
  static byte[] decode(CompressedFormat format, byte[] file) throws IOException {
    try (ForwardSource content = format.forward(source(file))) {
      return content.asStream().readAllBytes();
    }
  }

  static ForwardSource source(byte[] file) {
    return new ForwardSource("disk.img", new ByteArrayInputStream(file));
  }

  static byte[] concat(byte[]... parts) {
    var whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] flipped(byte[] file, int at, int bit) {
    byte[] copy = file.clone();
    copy[at] ^= (byte) (1 << bit);
    return copy;
  }
}
