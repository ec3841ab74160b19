package io.diskwright.filesystem.ntfs;

/** LZNT1 ([MS-XCA] 2.5): chunks that give 4096 bytes each, the last one perhaps fewer. */
final class Lznt1 {

  private static final int CHUNK = 4096;

  private Lznt1() {}

  /**
   * Decodes into an array of zeros.
   *
   * @param length how many bytes of the input count
   * @return false when the input is none of LZNT1 or gives more than fits
   */
  static boolean decode(byte[] in, int length, byte[] out) {
    int at = 0;
    int chunkStart = 0;
    while (at <= length - 2) {
      int header = word(in, at);
      if (header == 0) {
        return true;
      }
      at += 2;
      int end = at + (header & 0xfff) + 1;
      if (end > length || chunkStart >= out.length) {
        return false;
      }
      if ((header & 0x8000) == 0) {
        if (end - at > out.length - chunkStart) {
          return false;
        }
        System.arraycopy(in, at, out, chunkStart, end - at);
      } else if (!chunk(in, at, end, out, chunkStart)) {
        return false;
      }
      at = end;
      chunkStart += CHUNK;
    }
    return true;
  }

  private static boolean chunk(byte[] in, int from, int end, byte[] out, int start) {
    int limit = Math.min(out.length, start + CHUNK);
    int at = from;
    int to = start;
    while (at < end) {
      int tags = in[at++];
      for (int bit = 0; bit < 8 && at < end; bit++) {
        if ((tags >> bit & 1) == 0) {
          if (to >= limit) {
            return false;
          }
          out[to++] = in[at++];
          continue;
        }
        if (at > end - 2) {
          return false;
        }
        int phrase = word(in, at);
        at += 2;
        // The further into the chunk, the more bits tell how far back.
        int lengthBits = 12;
        for (int position = to - start - 1; position >= 0x10; position >>= 1) {
          lengthBits--;
        }
        int back = (phrase >> lengthBits) + 1;
        int count = (phrase & (1 << lengthBits) - 1) + 3;
        if (back > to - start || count > limit - to) {
          return false;
        }
        for (int i = 0; i < count; i++) {
          out[to] = out[to - back];
          to++;
        }
      }
    }
    return true;
  }

  private static int word(byte[] in, int at) {
    return Byte.toUnsignedInt(in[at]) | Byte.toUnsignedInt(in[at + 1]) << 8;
  }
}
