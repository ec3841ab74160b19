package io.diskwright.crypt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts sectors block by block, the way the specifications put it. */
public final class ReferenceSectors {

  private static final int SECTOR = 512;
  private static final int BLOCK = 16;

  private ReferenceSectors() {}

  /**
   * @param mode as a LUKS header says it: {@code xts-plain64}
   * @param first the first sector's number
   */
  public static byte[] encrypt(String mode, byte[] key, byte[] plain, long first) {
    byte[] out = new byte[plain.length];
    for (int at = 0; at < plain.length; at += SECTOR) {
      byte[] iv = iv(mode, key, first + at / SECTOR);
      byte[] sector = Arrays.copyOfRange(plain, at, at + SECTOR);
      byte[] done = mode.startsWith("xts") ? xts(key, sector, iv) : cbc(key, sector, iv);
      System.arraycopy(done, 0, out, at, SECTOR);
    }
    return out;
  }

  private static byte[] iv(String mode, byte[] key, long number) {
    ByteBuffer iv = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    if (mode.endsWith("-plain")) {
      iv.putInt((int) number);
    } else {
      iv.putLong(number);
    }
    return mode.endsWith("-essiv:sha256") ? aes(sha256(key), iv.array()) : iv.array();
  }

  private static byte[] cbc(byte[] key, byte[] plain, byte[] iv) {
    byte[] out = new byte[plain.length];
    byte[] before = iv;
    for (int at = 0; at < plain.length; at += BLOCK) {
      before = aes(key, xor(Arrays.copyOfRange(plain, at, at + BLOCK), before));
      System.arraycopy(before, 0, out, at, BLOCK);
    }
    return out;
  }

  private static byte[] xts(byte[] keys, byte[] plain, byte[] iv) {
    byte[] out = new byte[plain.length];
    byte[] key = Arrays.copyOf(keys, keys.length / 2);
    byte[] tweak = aes(Arrays.copyOfRange(keys, keys.length / 2, keys.length), iv);
    for (int at = 0; at < plain.length; at += BLOCK) {
      byte[] block = xor(Arrays.copyOfRange(plain, at, at + BLOCK), tweak);
      System.arraycopy(xor(aes(key, block), tweak), 0, out, at, BLOCK);
      tweak = timesAlpha(tweak);
    }
    return out;
  }

  private static byte[] timesAlpha(byte[] tweak) {
    byte[] out = new byte[BLOCK];
    int carry = 0;
    for (int i = 0; i < BLOCK; i++) {
      out[i] = (byte) (tweak[i] << 1 | carry);
      carry = (tweak[i] & 0x80) != 0 ? 1 : 0;
    }
    out[0] ^= (byte) (carry * 0x87);
    return out;
  }

  static byte[] xor(byte[] a, byte[] b) {
    byte[] out = a.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] ^= b[i];
    }
    return out;
  }

  private static byte[] aes(byte[] key, byte[] block) {
    try {
      Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      return cipher.doFinal(block);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
