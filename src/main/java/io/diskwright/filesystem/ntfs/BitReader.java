package io.diskwright.filesystem.ntfs;

/**
 * Bits in words of 16, little-endian, the highest bit first, with bytes between the words. Behind
 * the end come zeros; who reads on there is told by {@link #isOverrun}.
 */
final class BitReader {

  private final byte[] in;
  private int at;
  private long buffer;
  private int bits;
  private int missing;

  BitReader(byte[] in, int start) {
    this.in = in;
    this.at = start;
  }

  private void fill() {
    int word = 0;
    if (at <= in.length - 2) {
      word = Byte.toUnsignedInt(in[at]) | Byte.toUnsignedInt(in[at + 1]) << 8;
      at += 2;
    } else {
      missing++;
    }
    buffer = buffer << 16 | word;
    bits += 16;
  }

  /** The next 16 bits, which stay. */
  int peek16() {
    while (bits < 16) {
      fill();
    }
    return (int) (buffer >>> bits - 16) & 0xffff;
  }

  void skip(int count) {
    while (bits < count) {
      fill();
    }
    bits -= count;
  }

  /**
   * @param count 0 to 32
   */
  int read(int count) {
    while (bits < count) {
      fill();
    }
    bits -= count;
    return (int) (buffer >>> bits & (1L << count) - 1);
  }

  /** Decodes a symbol; -1 when the code has none for the next bits. */
  int symbol(HuffmanCode code) {
    int found = code.decode(peek16());
    if (found >= 0) {
      skip(found & 31);
    }
    return found < 0 ? -1 : found >> 5;
  }

  /** Starts reading ahead: from now on there are always 16 bits at least, and bytes lie behind. */
  void lookAhead() {
    fill();
    fill();
  }

  /** As {@link #symbol}, and reads ahead again. */
  int symbolAhead(HuffmanCode code) {
    int symbol = symbol(code);
    keepAhead();
    return symbol;
  }

  /** As {@link #read}, and reads ahead again. */
  int readAhead(int count) {
    int value = read(count);
    keepAhead();
    return value;
  }

  private void keepAhead() {
    if (bits < 16) {
      fill();
    }
  }

  /** A byte behind the words read so far. */
  int readByte() {
    if (at >= in.length) {
      missing += 2;
      return 0;
    }
    return Byte.toUnsignedInt(in[at++]);
  }

  /** Drops the rest of a word, a whole one when none was begun. */
  void align() {
    int rest = bits % 16;
    skip(rest == 0 ? 16 : rest);
    // A word read ahead belongs to the bytes that follow.
    at -= bits / 16 * 2;
    bits = 0;
  }

  int position() {
    return at;
  }

  void moveTo(int position) {
    at = position;
  }

  /** Whether more was used than there is, beside one word that only looking ahead takes. */
  boolean isOverrun() {
    return missing > 2;
  }
}
