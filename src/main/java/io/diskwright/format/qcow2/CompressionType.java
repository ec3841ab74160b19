package io.diskwright.format.qcow2;

import io.diskwright.io.BlockCodec;
import io.diskwright.io.DeflateCodec;

/** How compressed clusters are encoded. */
enum CompressionType {
  ZLIB {
    @Override
    BlockCodec codec() {
      return new DeflateCodec();
    }
  },
  ZSTD {
    @Override
    BlockCodec codec() {
      return new ZstdCodec();
    }
  };

  /** What decodes such clusters. */
  abstract BlockCodec codec();

  /** The specification's word. */
  String word() {
    return this == ZLIB ? "zlib" : "zstd";
  }
}
