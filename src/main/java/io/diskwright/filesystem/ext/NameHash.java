package io.diskwright.filesystem.ext;

import java.util.OptionalLong;

/** The hashes by which directories are indexed: of a name's bytes and the filesystem's seed. */
final class NameHash {

  private static final int LEGACY = 0;
  private static final int HALF_MD4 = 1;
  private static final int TEA = 2;
  private static final int UNSIGNED = 3;
  private static final int END_OF_DIRECTORY = 0x7fffffff;

  private static final int[] DEFAULT_SEED = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

  private NameHash() {}

  /**
   * The hash of a name, its lowest bit cleared.
   *
   * @param version as the directory's index says
   * @param unsigned whether the filesystem takes characters for unsigned
   * @return empty when that version's hash is not computed here
   */
  static OptionalLong of(byte[] name, int version, boolean unsigned, int[] seed) {
    if (version >= 2 * UNSIGNED) {
      return OptionalLong.empty();
    }
    boolean positive = unsigned || version >= UNSIGNED;
    int hash =
        switch (version % UNSIGNED) {
          case LEGACY -> legacy(name, positive);
          case HALF_MD4 -> buffer(name, positive, seed, 8)[1];
          case TEA -> buffer(name, positive, seed, 4)[0];
          default -> throw new IllegalStateException("version " + version);
        };
    hash &= ~1;
    if (hash == END_OF_DIRECTORY << 1) {
      hash = (END_OF_DIRECTORY - 1) << 1;
    }
    return OptionalLong.of(Integer.toUnsignedLong(hash));
  }

  private static int character(byte b, boolean unsigned) {
    return unsigned ? Byte.toUnsignedInt(b) : b;
  }

  private static int legacy(byte[] name, boolean unsigned) {
    int hash = 0;
    int hash0 = 0x12a3fe2d;
    int hash1 = 0x37abe8f9;
    for (byte b : name) {
      hash = hash1 + (hash0 ^ character(b, unsigned) * 7152373);
      if (hash < 0) {
        hash -= 0x7fffffff;
      }
      hash1 = hash0;
      hash0 = hash;
    }
    return hash0 << 1;
  }

  /** Mixes the name in, 32 bytes at a time by half MD4 or 16 by TEA. */
  private static int[] buffer(byte[] name, boolean unsigned, int[] seed, int words) {
    int[] state = DEFAULT_SEED.clone();
    for (int word : seed) {
      if (word != 0) {
        state = seed.clone();
        break;
      }
    }
    for (int at = 0; at < name.length; at += 4 * words) {
      int[] in = words(name, at, words, unsigned);
      if (words == 8) {
        halfMd4(state, in);
      } else {
        tea(state, in);
      }
    }
    return state;
  }

  private static int[] words(byte[] name, int from, int count, boolean unsigned) {
    int length = name.length - from;
    int pad = length | length << 8;
    pad |= pad << 16;
    int[] words = new int[count];
    int filled = 0;
    int value = pad;
    int used = Math.min(length, 4 * count);
    for (int i = 0; i < used; i++) {
      value = character(name[from + i], unsigned) + (value << 8);
      if (i % 4 == 3) {
        words[filled++] = value;
        value = pad;
      }
    }
    if (filled < count) {
      words[filled++] = value;
    }
    while (filled < count) {
      words[filled++] = pad;
    }
    return words;
  }

  private static void tea(int[] state, int[] in) {
    int sum = 0;
    int b0 = state[0];
    int b1 = state[1];
    for (int i = 0; i < 16; i++) {
      sum += 0x9e3779b9;
      b0 += (b1 << 4) + in[0] ^ b1 + sum ^ (b1 >>> 5) + in[1];
      b1 += (b0 << 4) + in[2] ^ b0 + sum ^ (b0 >>> 5) + in[3];
    }
    state[0] += b0;
    state[1] += b1;
  }

  private static final int[][] MD4_WORDS = {
    {0, 1, 2, 3, 4, 5, 6, 7}, {1, 3, 5, 7, 0, 2, 4, 6}, {3, 7, 2, 6, 1, 5, 0, 4}
  };
  private static final int[][] MD4_SHIFTS = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
  private static final int[] MD4_CONSTANTS = {0, 0x5a827999, 0x6ed9eba1};

  private static void halfMd4(int[] state, int[] in) {
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    for (int round = 0; round < 3; round++) {
      for (int step = 0; step < 8; step++) {
        int mixed =
            switch (round) {
              case 0 -> d ^ (b & (c ^ d));
              case 1 -> (b & c) + ((b ^ c) & d);
              default -> b ^ c ^ d;
            };
        int sum = a + mixed + in[MD4_WORDS[round][step]] + MD4_CONSTANTS[round];
        a = d;
        d = c;
        c = b;
        b = Integer.rotateLeft(sum, MD4_SHIFTS[round][step % 4]);
      }
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }
}
