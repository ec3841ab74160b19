package io.diskwright.source.compressed;

import java.util.Arrays;

/**
 * Decodes lz4 blocks. Written out here since the libraries' fast decoders know nothing of the
 * blocks before, to which those of most streams of small blocks refer; every access is checked.
 */
final class Lz4Block {

  private static final int RUN = 15;
  private static final int MIN_MATCH = 4;

  private Lz4Block() {}

  /**
   * Decodes a block.
   *
   * @param in the block, from index 0 on
   * @param length its bytes, at most 4 MiB
   * @param out holds what was decoded before, and takes the result
   * @param start where the result starts in {@code out}
   * @param limit where it ends at most
   * @param history the first byte of {@code out} that the block may refer to
   * @return where the result ends, or -1 when the block is damaged
   */
  static int decode(byte[] in, int length, byte[] out, int start, int limit, int history) {
    int i = 0;
    int o = start;
    while (i < length) {
      int token = in[i++] & 0xff;
      int literals = token >>> 4;
      if (literals == RUN) {
        int next;
        do {
          if (i >= length) {
            return -1;
          }
          next = in[i++] & 0xff;
          literals += next;
        } while (next == 255);
      }
      if (literals > length - i || literals > limit - o) {
        return -1;
      }
      System.arraycopy(in, i, out, o, literals);
      i += literals;
      o += literals;
      if (i == length) {
        return o; // the last sequence has no match
      }
      if (length - i < 2) {
        return -1;
      }
      int distance = in[i] & 0xff | (in[i + 1] & 0xff) << 8;
      i += 2;
      int match = token & RUN;
      if (match == RUN) {
        int next;
        do {
          if (i >= length) {
            return -1;
          }
          next = in[i++] & 0xff;
          match += next;
        } while (next == 255);
      }
      match += MIN_MATCH;
      if (distance == 0 || distance > o - history || match > limit - o) {
        return -1;
      }
      repeat(out, o, distance, match);
      o += match;
    }
    return -1;
  }

  private static void repeat(byte[] out, int to, int distance, int length) {
    if (distance == 1) {
      Arrays.fill(out, to, to + length, out[to - 1]);
      return;
    }
    // What was copied can be copied from, so that each step may take more than the last.
    for (int done = 0; done < length; ) {
      int step = Math.min(length - done, distance + done);
      System.arraycopy(out, to - distance, out, to + done, step);
      done += step;
    }
  }
}
