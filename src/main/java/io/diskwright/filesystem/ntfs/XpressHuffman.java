package io.diskwright.filesystem.ntfs;

/** LZ77 with Huffman codes ([MS-XCA] 2.2), one chunk. */
final class XpressHuffman {

  private static final int SYMBOLS = 512;
  private static final int TABLE = SYMBOLS / 2;
  private static final int LITERALS = 256;

  private final byte[] in;

  XpressHuffman(byte[] in) {
    this.in = in;
  }

  /** Fills {@code out}; false when the input is none of XPRESS or gives too little. */
  boolean decode(byte[] out) {
    if (in.length < TABLE) {
      return false;
    }
    byte[] lengths = new byte[SYMBOLS];
    for (int i = 0; i < TABLE; i++) {
      lengths[2 * i] = (byte) (in[i] & 15);
      lengths[2 * i + 1] = (byte) (in[i] >> 4 & 15);
    }
    HuffmanCode code = HuffmanCode.of(lengths, SYMBOLS);
    var bits = new BitReader(in, TABLE);
    int to = 0;
    // The format looks two words ahead, and the bytes of long lengths lie behind those.
    bits.lookAhead();
    while (to < out.length) {
      int symbol = bits.symbolAhead(code);
      if (symbol < 0 || bits.isOverrun()) {
        return false;
      }
      if (symbol < LITERALS) {
        out[to++] = (byte) symbol;
        continue;
      }
      int length = symbol & 15;
      if (length == 15) {
        length += bits.readByte();
        if (length == 15 + 255) {
          length = bits.readByte() | bits.readByte() << 8;
        }
      }
      length += 3;
      int offsetBits = symbol - LITERALS >> 4;
      int back = 1 << offsetBits | bits.readAhead(offsetBits);
      if (back > to || length > out.length - to) {
        return false;
      }
      for (int i = 0; i < length; i++) {
        out[to] = out[to - back];
        to++;
      }
    }
    return true;
  }
}
