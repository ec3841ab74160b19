package io.diskwright.filesystem.ntfs;

/** LZX as WIM files and the overlay filter use it: one chunk with a window of 32 KiB. */
final class Lzx {

  private static final int LITERALS = 256;
  private static final int SLOTS = 30;
  private static final int MAIN = LITERALS + 8 * SLOTS;
  private static final int LENGTHS = 249;
  private static final int PRETREE = 20;
  private static final int ALIGNED = 8;
  private static final int DEFAULT_BLOCK = 1 << 15;
  private static final int VERBATIM = 1;
  private static final int ALIGNED_OFFSETS = 2;
  private static final int UNCOMPRESSED = 3;

  /** What calls are relative to in place of a file's real size. */
  private static final int CALL_SIZE = 12_000_000;

  private final byte[] in;
  private final BitReader bits;
  private final byte[] mainLengths = new byte[MAIN];
  private final byte[] lengthLengths = new byte[LENGTHS];
  private int recent0 = 1;
  private int recent1 = 1;
  private int recent2 = 1;

  Lzx(byte[] in) {
    this.in = in;
    this.bits = new BitReader(in, 0);
  }

  /** Fills {@code out}; false when the input is none of LZX or gives too little. */
  boolean decode(byte[] out) {
    int to = 0;
    while (to < out.length) {
      int type = bits.read(3);
      int size = bits.read(1) != 0 ? DEFAULT_BLOCK : bits.read(16);
      if (size == 0 || size > out.length - to || bits.isOverrun()) {
        return false;
      }
      boolean decoded =
          switch (type) {
            case VERBATIM, ALIGNED_OFFSETS ->
                compressed(out, to, to + size, type == ALIGNED_OFFSETS);
            case UNCOMPRESSED -> uncompressed(out, to, size);
            default -> false;
          };
      if (!decoded) {
        return false;
      }
      to += size;
    }
    undoCalls(out);
    return true;
  }

  private boolean uncompressed(byte[] out, int to, int size) {
    bits.align();
    int at = bits.position();
    if (12 > in.length - at || size > in.length - at - 12) {
      return false;
    }
    recent0 = word(at);
    recent1 = word(at + 4);
    recent2 = word(at + 8);
    System.arraycopy(in, at + 12, out, to, size);
    bits.moveTo(at + 12 + size + (size & 1));
    return recent0 > 0 && recent1 > 0 && recent2 > 0;
  }

  private int word(int at) {
    return Byte.toUnsignedInt(in[at])
        | Byte.toUnsignedInt(in[at + 1]) << 8
        | Byte.toUnsignedInt(in[at + 2]) << 16
        | in[at + 3] << 24;
  }

  private boolean compressed(byte[] out, int from, int end, boolean aligned) {
    byte[] alignedLengths = new byte[ALIGNED];
    for (int i = 0; aligned && i < ALIGNED; i++) {
      alignedLengths[i] = (byte) bits.read(3);
    }
    boolean read =
        readLengths(mainLengths, 0, LITERALS)
            && readLengths(mainLengths, LITERALS, MAIN)
            && readLengths(lengthLengths, 0, LENGTHS);
    if (!read) {
      return false;
    }
    HuffmanCode main = HuffmanCode.of(mainLengths, MAIN);
    HuffmanCode lengths = HuffmanCode.of(lengthLengths, LENGTHS);
    HuffmanCode low = HuffmanCode.of(alignedLengths, ALIGNED);
    int to = from;
    while (to < end) {
      int symbol = bits.symbol(main);
      if (symbol < 0 || bits.isOverrun()) {
        return false;
      }
      if (symbol < LITERALS) {
        out[to++] = (byte) symbol;
        continue;
      }
      int length = symbol & 7;
      if (length == 7) {
        int more = bits.symbol(lengths);
        if (more < 0) {
          return false;
        }
        length += more;
      }
      length += 2;
      int back = offset(symbol - LITERALS >> 3, aligned, low);
      if (back < 1 || back > to || length > end - to) {
        return false;
      }
      for (int i = 0; i < length; i++) {
        out[to] = out[to - back];
        to++;
      }
    }
    return true;
  }

  /**
   * How far back a match lies: as far as one of the last three, or as the slot and its bits say.
   */
  private int offset(int slot, boolean aligned, HuffmanCode low) {
    int offset;
    switch (slot) {
      case 0 -> {
        return recent0;
      }
      case 1 -> {
        offset = recent1;
        recent1 = recent0;
      }
      case 2 -> {
        offset = recent2;
        recent2 = recent0;
      }
      default -> {
        int extra = slot < 4 ? 0 : (slot >> 1) - 1;
        int base = slot < 4 ? slot : 2 + (slot & 1) << extra;
        int added;
        if (aligned && extra >= 3) {
          added = bits.read(extra - 3) << 3;
          int last = bits.symbol(low);
          if (last < 0) {
            return -1;
          }
          added |= last;
        } else {
          added = bits.read(extra);
        }
        offset = base + added - 2;
        recent2 = recent1;
        recent1 = recent0;
      }
    }
    recent0 = offset;
    return offset;
  }

  /** Lengths of codes, each told by its difference to what it was in the block before. */
  private boolean readLengths(byte[] lengths, int from, int to) {
    byte[] preLengths = new byte[PRETREE];
    for (int i = 0; i < PRETREE; i++) {
      preLengths[i] = (byte) bits.read(4);
    }
    HuffmanCode pretree = HuffmanCode.of(preLengths, PRETREE);
    int at = from;
    while (at < to) {
      int symbol = bits.symbol(pretree);
      if (symbol < 0 || bits.isOverrun()) {
        return false;
      }
      int run = 1;
      int length;
      switch (symbol) {
        case 17 -> {
          run = 4 + bits.read(4);
          length = 0;
        }
        case 18 -> {
          run = 20 + bits.read(5);
          length = 0;
        }
        case 19 -> {
          run = 4 + bits.read(1);
          int difference = bits.symbol(pretree);
          if (difference < 0 || difference > 17) {
            return false;
          }
          length = (lengths[at] - difference + 17) % 17;
        }
        default -> length = (lengths[at] - symbol + 17) % 17;
      }
      // Encoders let a run of zeros go beyond the end.
      for (int end = Math.min(to, at + run); at < end; at++) {
        lengths[at] = (byte) length;
      }
    }
    return true;
  }

  /** Targets of calls were made absolute, which compresses better. */
  private static void undoCalls(byte[] out) {
    for (int i = 0; i < out.length - 10; i++) {
      if (out[i] != (byte) 0xe8) {
        continue;
      }
      int target =
          Byte.toUnsignedInt(out[i + 1])
              | Byte.toUnsignedInt(out[i + 2]) << 8
              | Byte.toUnsignedInt(out[i + 3]) << 16
              | out[i + 4] << 24;
      if (target >= -i && target < CALL_SIZE) {
        int relative = target >= 0 ? target - i : target + CALL_SIZE;
        for (int b = 0; b < 4; b++) {
          out[i + 1 + b] = (byte) (relative >>> 8 * b);
        }
      }
      i += 4;
    }
  }
}
