package io.diskwright.guest.kernel;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZInputStream;

/** The ways in which a kernel takes its initramfs compressed, told by the first bytes. */
enum Compression {
  GZIP("gzip", 0x1f, 0x8b) {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new GZIPInputStream(in, 1 << 16);
    }
  },
  BZIP2("bzip2", 'B', 'Z', 'h') {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new BZip2CompressorInputStream(in);
    }
  },
  XZ("xz", 0xfd, '7', 'z', 'X', 'Z', 0) {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new XZInputStream(in, MEMORY_KIB);
    }
  },
  LZMA("lzma", 0x5d, 0, 0) {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new LZMAInputStream(in, MEMORY_KIB);
    }
  },
  ZSTD("zstd", 0x28, 0xb5, 0x2f, 0xfd) {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new ZstdInputStream(in);
    }
  },
  LZ4("lz4", 0x02, 0x21, 0x4c, 0x18) {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new Lz4LegacyInputStream(in);
    }
  },
  LZO("lzo", 0x89, 'L', 'Z', 'O') {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new LzopInputStream(in);
    }
  };

  /** For a dictionary of 64 MiB, which is more than any tool makes for a kernel. */
  private static final int MEMORY_KIB = 96 << 10;

  private final String word;
  private final int[] magic;

  Compression(String word, int... magic) {
    this.word = word;
    this.magic = magic;
  }

  String word() {
    return word;
  }

  /** Unpacks from the first byte on. */
  abstract InputStream open(InputStream in) throws IOException;

  static Compression of(byte[] start) throws UnknownCompression {
    for (Compression one : values()) {
      boolean matches = start.length >= one.magic.length;
      for (int i = 0; matches && i < one.magic.length; i++) {
        matches = (start[i] & 0xff) == one.magic[i];
      }
      if (matches) {
        return one;
      }
    }
    throw new UnknownCompression(start);
  }
}
