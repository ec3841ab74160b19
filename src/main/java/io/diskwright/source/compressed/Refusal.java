package io.diskwright.source.compressed;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.UnsupportedOptionsException;

/** Says what a decoder's failure means. The decoders' own words are kept as what was found. */
final class Refusal {

  private static final String AGAIN = "Copy or download the file again";

  private Refusal() {}

  /**
   * @param structure what was being decoded
   * @param offset about where, in bytes from the start of the compressed file
   */
  static ImageException of(String source, String structure, long offset, Throwable e) {
    return switch (e) {
      case ImageException refusal -> refusal;
      case MemoryLimitException limit ->
          new LimitExceeded(
              source,
              structure,
              offset,
              "a dictionary that takes " + mebibytes(limit.getMemoryNeeded()) + " MiB to decode",
              "up to " + mebibytes(XzBlocks.MAX_DECODER_KIB) + " MiB",
              "Unpack the file with xz, or compress it anew with xz -9 or less");
      case UnsupportedOptionsException option ->
          new UnsupportedFeature(
              source,
              structure,
              offset,
              said(option),
              "filters, checks and dictionaries that the xz library for Java knows",
              "Unpack the file with the tool that made it");
      case OutOfMemoryError memory -> outOfMemory(source, structure, offset, said(memory));
      case ZstdException zstd when zstd.getErrorCode() == Zstd.errMemoryAllocation() ->
          outOfMemory(source, structure, offset, said(zstd));
      default -> new CorruptImage(source, structure, offset, said(e), "a sound stream", AGAIN);
    };
  }

  /** The same when the decoder had been given all that the file has. */
  static ImageException atEnd(String source, String structure, long offset, Throwable e) {
    ImageException refusal = of(source, structure, offset, e);
    return refusal instanceof CorruptImage && !(e instanceof ImageException)
        ? new CorruptImage(
            source,
            structure,
            offset,
            "the end of the file (" + said(e) + ")",
            "a sound and complete stream",
            "The file is truncated or damaged; copy or download it again")
        : refusal;
  }

  private static LimitExceeded outOfMemory(
      String source, String structure, long offset, String said) {
    return new LimitExceeded(
        source,
        structure,
        offset,
        "a need for more memory than there is (" + said + ")",
        "",
        "Give Java more memory (-Xmx), or unpack the file with its own tool");
  }

  private static String said(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : Fault.printable(message);
  }

  private static long mebibytes(int kibibytes) {
    return Math.ceilDiv((long) kibibytes, 1L << 10);
  }
}
