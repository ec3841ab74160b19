package io.diskwright.crypt;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * PBKDF2 (RFC 8018) with an HMAC. The JDK's own takes a passphrase of characters; LUKS takes bytes.
 */
final class Pbkdf2 {

  private Pbkdf2() {}

  /**
   * Derives a key.
   *
   * @param passphrase at least one byte
   * @param iterations at least 1; each costs one HMAC for every {@link #blocks block}
   * @param length bytes of the key
   */
  static byte[] derive(HashSpec hash, byte[] passphrase, byte[] salt, long iterations, int length) {
    try {
      Mac mac = hash.hmac();
      mac.init(new SecretKeySpec(passphrase, mac.getAlgorithm()));
      ByteBuffer key = ByteBuffer.allocate(blocks(hash, length) * hash.length());
      byte[] block = new byte[hash.length()];
      for (int number = 1; key.hasRemaining(); number++) {
        derive(mac, salt, iterations, number, block);
        key.put(block);
      }
      return Arrays.copyOf(key.array(), length);
    } catch (InvalidKeyException | ShortBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The blocks of which a derived key of {@code length} bytes is put together. */
  static int blocks(HashSpec hash, int length) {
    return Math.ceilDiv(length, hash.length());
  }

  private static void derive(Mac mac, byte[] salt, long iterations, int number, byte[] block)
      throws ShortBufferException {
    byte[] last = new byte[block.length];
    mac.update(salt);
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    mac.doFinal(last, 0);
    System.arraycopy(last, 0, block, 0, block.length);
    for (long i = 1; i < iterations; i++) {
      mac.update(last);
      mac.doFinal(last, 0);
      for (int k = 0; k < block.length; k++) {
        block[k] ^= last[k];
      }
    }
  }
}
