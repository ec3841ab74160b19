package io.diskwright.format.qcow2;

import io.diskwright.crypt.Decryption;
import io.diskwright.crypt.LuksVolume;
import io.diskwright.crypt.QcowAes;
import io.diskwright.crypt.Secret;
import io.diskwright.crypt.SectorNumbering;
import io.diskwright.disk.Anomaly;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the data clusters of an image are encrypted. Compressed clusters never are, although qemu
 * writes them into encrypted images when it is told to.
 *
 * @param method the header's {@code crypt_method}, 1 or 2
 */
record Encryption(int method, Decryption decryption) {

  private static final int AES = 1;
  private static final int LUKS = 2;

  /**
   * Unlocks the image; empty when it is not encrypted.
   *
   * @param secretFile holds the passphrase
   * @throws UnsupportedFeature when there is no passphrase, or one that does not fit
   */
  static Optional<Encryption> open(
      ByteSource source, Header header, HeaderExtensions extensions, Optional<Path> secretFile)
      throws IOException {
    long method = header.cryptMethod();
    if (extensions.encryption().isPresent() != (method == LUKS)) {
      throw pointerContradicts(source, method);
    }
    if (extensions.encryption().isPresent()) {
      return Optional.of(luks(source, extensions.encryption().get(), secretFile));
    }
    if (method == AES) {
      return Optional.of(aes(source, secretFile));
    }
    if (method != 0) {
      throw refused(
          source,
          "unknown method " + Fault.number(method),
          "0 (none), 1 (AES) or 2 (LUKS)",
          "Decrypt it first with the tool that made it");
    }
    return Optional.empty();
  }

  private static Encryption luks(
      ByteSource source, EncryptionExtension pointer, Optional<Path> secretFile)
      throws IOException {
    LuksVolume volume = LuksVolume.read(source, pointer.offset(), pointer.length());
    try (Secret secret = secret(source, volume.describe(), secretFile)) {
      return new Encryption(LUKS, new Decryption(volume.unlock(secret), SectorNumbering.BY_FILE));
    }
  }

  private static Encryption aes(ByteSource source, Optional<Path> secretFile) throws IOException {
    try (Secret secret = secret(source, "AES", secretFile)) {
      return new Encryption(AES, QcowAes.decryption(secret));
    }
  }

  private static Secret secret(ByteSource source, String with, Optional<Path> file)
      throws IOException {
    if (file.isEmpty()) {
      throw refused(
          source,
          "encryption with " + with,
          "an image that is not encrypted, or its passphrase",
          "Give its passphrase with --secret-file FILE");
    }
    return Secret.read(file.get());
  }

  private static ImageException pointerContradicts(ByteSource source, long method) {
    return new CorruptImage(
        source.describe(),
        Header.NAME + " crypt_method",
        Header.CRYPT_METHOD_AT,
        Fault.number(method)
            + (method == LUKS ? " (LUKS) without" : " with")
            + " a full disk encryption header pointer",
        "2 (LUKS) with that extension, other methods without it");
  }

  private static UnsupportedFeature refused(
      ByteSource source, String found, String allowed, String remedy) {
    return new UnsupportedFeature(
        source.describe(),
        Header.NAME + " crypt_method",
        Header.CRYPT_METHOD_AT,
        found,
        allowed,
        remedy);
  }

  /** The method in words, for reports. */
  String describe() {
    return (method == LUKS ? "LUKS1, " : "AES, ") + decryption.cipher().describe();
  }

  /** What is odd about it. */
  Optional<Anomaly> anomaly() {
    return method == LUKS
        ? Optional.empty()
        : Optional.of(
            new Anomaly(
                Anomaly.Kind.UNVERIFIED_PASSPHRASE,
                "crypt_method",
                Header.CRYPT_METHOD_AT,
                "AES, by which a wrong passphrase cannot be told from the right one",
                "content that makes sense once it is decrypted"));
  }
}
