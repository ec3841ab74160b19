package io.diskwright.crypt;

import java.util.Arrays;

/**
 * The encryption that qcow and qcow2 had before LUKS: AES-128-CBC, the passphrase itself as key,
 * each sector by its number on the guest's disk. Nothing in the image tells a wrong passphrase from
 * the right one.
 */
public final class QcowAes {

  private static final int KEY_BYTES = 16;
  private static final CipherMode MODE =
      new CipherMode(CipherMode.Chaining.CBC, CipherMode.Iv.PLAIN64);

  private QcowAes() {}

  /** What decrypts an image's data; the passphrase is cut or filled up with zeros to 16 bytes. */
  public static Decryption decryption(Secret secret) {
    byte[] key = Arrays.copyOf(secret.passphrase(), KEY_BYTES);
    return new Decryption(new SectorCipher(MODE, key), SectorNumbering.BY_DISK);
  }
}
