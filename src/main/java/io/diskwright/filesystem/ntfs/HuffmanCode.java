package io.diskwright.filesystem.ntfs;

import java.util.Arrays;

/**
 * A canonical prefix code, decoded by the counts and first codes of each length: no table whose
 * size a hostile stream could choose.
 */
final class HuffmanCode {

  static final int MAX_LENGTH = 16;

  private static final int QUICK_BITS = 10;

  private final int[] firstCode = new int[MAX_LENGTH + 2];
  private final int[] firstIndex = new int[MAX_LENGTH + 2];
  private final int[] symbols;

  /** For each next ten bits the symbol and the length of its code; 0 where the code is longer. */
  private final short[] quick = new short[1 << QUICK_BITS];

  private HuffmanCode(int[] symbols) {
    this.symbols = symbols;
  }

  /** The code of some lengths; null-like, that is one that decodes nothing, when they make none. */
  static HuffmanCode of(byte[] lengths, int count) {
    int[] counts = new int[MAX_LENGTH + 2];
    for (int i = 0; i < count; i++) {
      counts[lengths[i]]++;
    }
    counts[0] = 0;
    var code = new HuffmanCode(new int[count]);
    int next = 0;
    int index = 0;
    int[] place = new int[MAX_LENGTH + 2];
    for (int length = 1; length <= MAX_LENGTH; length++) {
      code.firstCode[length] = next;
      code.firstIndex[length] = index;
      place[length] = index;
      index += counts[length];
      next = next + counts[length] << 1;
    }
    code.firstIndex[MAX_LENGTH + 1] = index;
    for (int symbol = 0; symbol < count; symbol++) {
      int length = lengths[symbol];
      if (length != 0) {
        code.symbols[place[length]++] = symbol;
      }
    }
    code.fillQuick();
    return code;
  }

  private void fillQuick() {
    for (int length = 1; length <= QUICK_BITS; length++) {
      int codes = firstIndex[length + 1] - firstIndex[length];
      for (int i = 0; i < codes; i++) {
        int start = firstCode[length] + i << QUICK_BITS - length;
        if (start >= quick.length) {
          return;
        }
        int end = Math.min(quick.length, start + (1 << QUICK_BITS - length));
        Arrays.fill(quick, start, end, (short) (symbols[firstIndex[length] + i] << 4 | length));
      }
    }
  }

  /**
   * Decodes one symbol.
   *
   * @param next the next 16 bits
   * @return the symbol shifted up by 5 and the length of its code, or -1 when it is none
   */
  int decode(int next) {
    int found = Short.toUnsignedInt(quick[next >>> MAX_LENGTH - QUICK_BITS]);
    if (found != 0) {
      return found >> 4 << 5 | found & 15;
    }
    for (int length = 1; length <= MAX_LENGTH; length++) {
      int offset = (next >>> MAX_LENGTH - length) - firstCode[length];
      if (offset >= 0 && offset < firstIndex[length + 1] - firstIndex[length]) {
        return symbols[firstIndex[length] + offset] << 5 | length;
      }
    }
    return -1;
  }
}
