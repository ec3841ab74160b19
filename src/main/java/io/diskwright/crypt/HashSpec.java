package io.diskwright.crypt;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;

/** The hashes that protect the key of a LUKS volume, as its header calls them. */
enum HashSpec {
  SHA1("sha1", "SHA-1", 20),
  SHA224("sha224", "SHA-224", 28),
  SHA256("sha256", "SHA-256", 32),
  SHA384("sha384", "SHA-384", 48),
  SHA512("sha512", "SHA-512", 64);

  private final String word;
  private final String algorithm;
  private final int length;

  HashSpec(String word, String algorithm, int length) {
    this.word = word;
    this.algorithm = algorithm;
    this.length = length;
  }

  /** The hash of a header's {@code hash-spec}; empty when it is not one of these. */
  static Optional<HashSpec> named(String word) {
    return Arrays.stream(values()).filter(hash -> hash.word.equals(word)).findFirst();
  }

  /** The header's word for it. */
  String word() {
    return word;
  }

  /** Bytes of a digest. */
  int length() {
    return length;
  }

  /** A new digest. */
  MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new HMAC without its key. */
  Mac hmac() {
    try {
      return Mac.getInstance("Hmac" + algorithm.replace("-", ""));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
