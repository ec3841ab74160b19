package io.diskwright.format.qcow2;

import io.diskwright.crypt.ReferenceSectors;
import io.diskwright.crypt.TestLuks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Encrypts what goes into the images of {@link Qcow2Builder}. */
final class EncryptedImages {

  static final int POINTER = 0x0537be77;
  static final int CRYPT_METHOD_AT = 32;
  static final String PASSPHRASE = "a passphrase of more than 16 bytes";
  static final byte[] AES_KEY = Arrays.copyOf(PASSPHRASE.getBytes(StandardCharsets.US_ASCII), 16);

  private static final TestLuks LUKS =
      new TestLuks("xts-plain64", "sha256", 32).slot(0, PASSPHRASE);
  private static final byte[] LUKS_HEADER = LUKS.build();

  private EncryptedImages() {}

  /** Adds a LUKS header at the end of the file, and says so. */
  static Qcow2Builder withLuks(Qcow2Builder image) {
    long at = image.cluster(LUKS_HEADER);
    return image.u32(CRYPT_METHOD_AT, 2).extension(POINTER, pointer(at, LUKS_HEADER.length));
  }

  static Qcow2Builder withAes(Qcow2Builder image) {
    return image.u32(CRYPT_METHOD_AT, 1);
  }

  /** What the header extension holds. */
  static byte[] pointer(long offset, long length) {
    return ByteBuffer.allocate(16).putLong(offset).putLong(length).array();
  }

  /** A data cluster of an image with LUKS. */
  static void addByFile(Qcow2Builder image, long guestCluster, byte[] plain) {
    image.entryOffset(guestCluster);
    long at = Math.ceilDiv(image.end(), image.cluster()) * (long) image.cluster();
    image.data(guestCluster, LUKS.encrypt(plain, at / 512));
  }

  /** A data cluster of an image with AES. */
  static void addByDisk(Qcow2Builder image, long guestCluster, byte[] plain) {
    long sector = guestCluster * image.cluster() / 512;
    image.data(guestCluster, ReferenceSectors.encrypt("cbc-plain64", AES_KEY, plain, sector));
  }
}
