package io.diskwright.fuzz;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes files with holes where there are zeros, as the tools do whose images are read. */
final class SparseFile {

  private static final int BLOCK = 4096;
  private static final byte[] ZEROS = new byte[BLOCK];

  private SparseFile() {}

  static void write(Path file, byte[] bytes) throws IOException {
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(0);
      out.setLength(bytes.length);
      int at = 0;
      while (at < bytes.length) {
        int end = at;
        while (end < bytes.length && !isZero(bytes, end, Math.min(BLOCK, bytes.length - end))) {
          end = Math.min(end + BLOCK, bytes.length);
        }
        if (end > at) {
          out.seek(at);
          out.write(bytes, at, end - at);
        }
        at = Math.max(end, at + BLOCK - at % BLOCK);
      }
    }
  }

  /** Whether up to a block of bytes are all zero. */
  static boolean isZero(byte[] bytes, int at, int length) {
    return Arrays.equals(bytes, at, at + length, ZEROS, 0, length);
  }
}
