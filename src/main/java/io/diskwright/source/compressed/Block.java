package io.diskwright.source.compressed;

import java.io.IOException;

/**
 * A piece of a compressed file that is decoded alone: an xz block, a zstd frame.
 *
 * @param start its first byte in the content
 * @param length bytes of content, at least 1
 * @param offset where it lies in the compressed file, in bytes
 * @param encodedLength bytes there
 */
record Block(long start, int length, long offset, long encodedLength) {

  /** Content of a block at most, in bytes; two fit into the {@link BlockCache}. */
  static final int MAX_LENGTH = 32 << 20;

  /** Blocks of a file at most: their table takes some 12 MiB of memory then. */
  static final int MAX_COUNT = 1 << 18;

  /** Decodes blocks. Safe for any thread. */
  interface Decoder {

    /**
     * Decodes and verifies a block.
     *
     * @return exactly the block's content
     */
    byte[] decode(Block block) throws IOException;
  }
}
