package io.diskwright.source.archive;

/** The digests that archives and manifests state. */
enum Digest {
  CRC32("CRC-32", 8),
  SHA1("SHA-1", 40),
  SHA256("SHA-256", 64),
  SHA512("SHA-512", 128);

  private final String label;
  private final int digits;

  Digest(String label, int digits) {
    this.label = label;
    this.digits = digits;
  }

  /** The name for messages; the JDK's too, but for the first. */
  String label() {
    return label;
  }

  /** How many hexadecimal digits it has. */
  int digits() {
    return digits;
  }
}
