package io.diskwright.source.compressed;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells by its first bytes what kind of compressed stream a file is. */
final class Signature {

  private static final String GZIP = "\u001f\u008b\b";
  private static final String XZ = "\u00fd7zXZ\0";

  /** The stream's level, then the magic of its first block, or of its end when it has none. */
  private static final Pattern BZIP2 =
      Pattern.compile("BZh[1-9](1AY&SY|\u0017rE8P\u0090)", Pattern.DOTALL);

  private static final int BZIP2_LENGTH = 10;

  private Signature() {}

  static Optional<CompressedFormat> of(ByteView head) {
    try {
      if (head.startsWith(0, GZIP)) {
        return Optional.of(CompressedFormat.GZIP);
      }
      if (head.startsWith(0, XZ)) {
        return Optional.of(CompressedFormat.XZ);
      }
      return isBzip2(head) ? Optional.of(CompressedFormat.BZIP2) : frames(head);
    } catch (CorruptImage e) {
      throw new IllegalStateException(e); // every length was asked before
    }
  }

  private static Optional<CompressedFormat> frames(ByteView head) throws CorruptImage {
    long at = 0;
    while (at <= head.length() - SkippableFrame.HEADER
        && SkippableFrame.is(little(head, (int) at))) {
      at += SkippableFrame.HEADER + little(head, (int) at + SkippableFrame.SIZE);
    }
    if (at <= head.length() - Integer.BYTES) {
      long magic = little(head, (int) at);
      if (magic == ZstdFrameHeader.MAGIC) {
        return Optional.of(CompressedFormat.ZSTD);
      }
      if (magic == Lz4FrameHeader.MAGIC || magic == Lz4FrameHeader.LEGACY_MAGIC) {
        return Optional.of(CompressedFormat.LZ4);
      }
    }
    // Where the frame that tells lies further on: pzstd is the tool that starts files like this.
    return at > 0 ? Optional.of(CompressedFormat.ZSTD) : Optional.empty();
  }

  /** Read by bytes, since a head may be viewed in either order. */
  private static long little(ByteView view, int at) throws CorruptImage {
    return view.u8(at)
        | view.u8(at + 1) << 8
        | view.u8(at + 2) << 16
        | (long) view.u8(at + 3) << 24;
  }

  private static boolean isBzip2(ByteView head) throws CorruptImage {
    if (head.length() < BZIP2_LENGTH) {
      return false;
    }
    var text = new StringBuilder();
    for (int i = 0; i < BZIP2_LENGTH; i++) {
      text.append((char) head.u8(i));
    }
    return BZIP2.matcher(text).matches();
  }
}
