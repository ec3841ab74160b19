package io.diskwright.target;

/** How the clusters of a qcow2 are compressed. */
public enum Compression {
  /** Not at all. */
  NONE,
  /** Deflate, which every reader of qcow2 knows. */
  ZLIB,
  /** Zstandard: faster and denser, for qemu 5.1 and later. */
  ZSTD
}
