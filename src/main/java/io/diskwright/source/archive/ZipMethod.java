package io.diskwright.source.archive;

import com.github.luben.zstd.ZstdInputStream;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.deflate64.Deflate64CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How a member of a zip archive is packed. */
enum ZipMethod {
  STORED(0),
  DEFLATED(8),
  DEFLATED64(9),
  BZIP2(12),
  ZSTD(93),
  XZ(95);

  /** Bytes that a decoder may take on the heap, in KiB. */
  private static final int XZ_MEMORY = 40 << 10;

  /** The window that a decoder may take: 2^27 bytes, the most that one takes unasked. */
  private static final int ZSTD_WINDOW = 27;

  private final int code;

  ZipMethod(int code) {
    this.code = code;
  }

  /**
   * The method of a member.
   *
   * @param source the archive, for messages
   * @throws UnsupportedFeature when it is none of these, or the member is encrypted
   */
  static ZipMethod of(ZipLocalHeader header, String source) throws UnsupportedFeature {
    if (header.encrypted()) {
      throw new UnsupportedFeature(
          source,
          ZipLocalHeader.NAME + " flags",
          header.offset() + 6,
          Member.shown(header.name()) + ", which is encrypted",
          "members that need no password",
          "Unpack it with its password");
    }
    for (ZipMethod method : values()) {
      if (method.code == header.method()) {
        return method;
      }
    }
    throw new UnsupportedFeature(
        source,
        ZipLocalHeader.NAME + " compression method",
        header.offset() + 8,
        header.method() + " of " + Member.shown(header.name()),
        "0 stored, 8 deflate, 9 deflate64, 12 bzip2, 93 zstd, 95 xz",
        "Unpack it first");
  }

  /**
   * The content of packed data, for any method but the first two.
   *
   * @param packed exactly the data
   */
  InputStream unpack(InputStream packed) throws IOException {
    return switch (this) {
      case DEFLATED64 -> new Deflate64CompressorInputStream(packed);
      case BZIP2 -> new BZip2CompressorInputStream(packed);
      case ZSTD -> new ZstdInputStream(packed).setLongMax(ZSTD_WINDOW);
      case XZ -> new XZInputStream(packed, XZ_MEMORY);
      case STORED, DEFLATED -> throw new IllegalStateException("unpacked elsewhere");
    };
  }
}
