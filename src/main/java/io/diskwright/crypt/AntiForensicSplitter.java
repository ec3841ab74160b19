package io.diskwright.crypt;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Puts a key together that LUKS has split into stripes, so that losing any of them loses the key.
 */
final class AntiForensicSplitter {

  private AntiForensicSplitter() {}

  /**
   * Merges stripes.
   *
   * @param material all stripes, one behind the other
   * @param keyBytes bytes of a stripe, and of the key
   */
  static byte[] merge(HashSpec hash, byte[] material, int keyBytes) {
    byte[] key = new byte[keyBytes];
    int last = material.length - keyBytes;
    for (int stripe = 0; stripe < last; stripe += keyBytes) {
      xor(key, material, stripe);
      key = diffuse(hash, key);
    }
    xor(key, material, last);
    return key;
  }

  private static void xor(byte[] key, byte[] material, int at) {
    for (int i = 0; i < key.length; i++) {
      key[i] ^= material[at + i];
    }
  }

  /** Hashes each digest's length of bytes, with its number before it, in its place. */
  private static byte[] diffuse(HashSpec hash, byte[] bytes) {
    MessageDigest digest = hash.digest();
    byte[] result = new byte[bytes.length];
    for (int at = 0, number = 0; at < bytes.length; at += hash.length(), number++) {
      int length = Math.min(hash.length(), bytes.length - at);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
      digest.update(bytes, at, length);
      System.arraycopy(digest.digest(), 0, result, at, length);
    }
    return result;
  }
}
