package io.diskwright.crypt;

import java.util.Optional;
import java.util.Set;

/** How AES is applied to sectors, as a LUKS header's {@code cipher-mode} says it. */
record CipherMode(Chaining chaining, Iv iv) {

  /** How the blocks of a sector hang together. */
  enum Chaining {
    CBC("cbc", Set.of(16, 32)),
    /** Takes two keys, one behind the other. */
    XTS("xts", Set.of(32, 48, 64));

    private final String word;
    private final Set<Integer> keyBytes;

    Chaining(String word, Set<Integer> keyBytes) {
      this.word = word;
      this.keyBytes = keyBytes;
    }

    /** The lengths a key may have, in bytes. */
    Set<Integer> keyBytes() {
      return keyBytes;
    }
  }

  /** What a sector's initialization vector is made of. */
  enum Iv {
    /** The lower 32 bits of the sector's number. */
    PLAIN("plain"),
    /** The sector's number. */
    PLAIN64("plain64"),
    /** The sector's number, encrypted with the SHA-256 of the key. */
    ESSIV_SHA256("essiv:sha256");

    private final String word;

    Iv(String word) {
      this.word = word;
    }
  }

  /**
   * The mode of a header's {@code cipher-mode}; empty when it is none of these. qemu puts a hash
   * behind vectors that have no use for it, too, when it is told one.
   */
  static Optional<CipherMode> named(String words) {
    for (Chaining chaining : Chaining.values()) {
      for (Iv iv : Iv.values()) {
        String name = chaining.word + "-" + iv.word;
        boolean hashed = iv != Iv.ESSIV_SHA256 && words.startsWith(name + ":");
        if (words.equals(name) || hashed) {
          return Optional.of(new CipherMode(chaining, iv));
        }
      }
    }
    return Optional.empty();
  }

  /** Its name with the cipher's, as other tools write it: {@code aes-256-xts-plain64}. */
  String describe(int keyBytes) {
    int bits = 8 * (chaining == Chaining.XTS ? keyBytes / 2 : keyBytes);
    return "aes-" + bits + "-" + chaining.word + "-" + iv.word;
  }
}
