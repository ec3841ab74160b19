package io.diskwright.source.compressed;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A kind of compressed stream.
 *
 * <p>All that a file holds is read: every member of a gzip file, every stream of an xz or bzip2
 * file, every frame of a zstd or lz4 file, as their own tools do. What follows the last of them is
 * refused, since it may be a further one whose head is damaged; only zeros behind gzip members
 * (tapes pad with them) and the padding that xz defines are passed over.
 */
public enum CompressedFormat {
  /** RFC 1952. */
  GZIP("gzip", GzipDecoder::new),
  /** The .xz format; .lzma files are not meant. */
  XZ("xz", in -> Decoder.of(new XZInputStream(in, XzBlocks.MAX_DECODER_KIB))),
  /** RFC 8878. */
  ZSTD("zstd", ZstdDecoder::new),
  /** What bzip2 writes. */
  BZIP2("bzip2", in -> Decoder.of(new BZip2CompressorInputStream(in, true))),
  /** The lz4 frame format; its legacy form is recognised and refused. */
  LZ4("lz4", Lz4Decoder::new);

  private final String label;
  private final Decoder.Opener opener;

  CompressedFormat(String label, Decoder.Opener opener) {
    this.label = label;
    this.opener = opener;
  }

  /**
   * The kind of stream that a file starts with.
   *
   * @param head the file's first bytes, at least 10 of them where there are so many
   */
  public static Optional<CompressedFormat> of(ByteView head) {
    return Signature.of(head);
  }

  /** The name in reports and messages: {@code gzip}. */
  public String label() {
    return label;
  }

  /**
   * The whole content at random, if this file can be read so cheaply: an xz file of several blocks,
   * or a zstd file of several frames that state their size, none above 32 MiB. Each is verified as
   * it is decoded. The result takes some 200 MiB of memory at most, and different threads decode
   * different blocks at the same time.
   *
   * @param compressed owned and closed by the result; still the caller's when there is none, or an
   *     exception
   * @throws io.diskwright.io.ImageException when the file's structure is damaged
   */
  public Optional<ByteSource> whole(ByteSource compressed) throws IOException {
    return switch (this) {
      case XZ -> XzBlocks.open(compressed, named(compressed.describe()));
      case ZSTD -> ZstdFrames.open(compressed, named(compressed.describe()));
      case GZIP, BZIP2, LZ4 -> Optional.empty();
    };
  }

  /**
   * The content once and in order. Reading it to its end means that everything was there and every
   * checksum was right; anything else is an {@link io.diskwright.io.ImageException}.
   *
   * @param compressed owned and closed by the result
   */
  public ForwardSource forward(ForwardSource compressed) throws IOException {
    return new ForwardSource(
        named(compressed.describe()),
        new DecodedStream(label, opener, new CompressedInput(compressed)));
  }

  private String named(String file) {
    return file + "[" + label + "]";
  }
}
