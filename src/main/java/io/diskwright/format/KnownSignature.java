package io.diskwright.format;

import java.util.Optional;

/**
 * Containers that are recognised and not read. Without them such a file would pass as RAW, and its
 * container's bytes would be written where a disk's belong.
 */
enum KnownSignature {
  LUKS1("a volume encrypted with LUKS1", 0, "LUKS\u00ba\u00be\0\u0001", "cryptsetup open"),
  LUKS2("a volume encrypted with LUKS2", 0, "LUKS\u00ba\u00be\0\u0002", "cryptsetup open"),
  GZIP("a gzip file", 0, "\u001f\u008b\b", "gunzip"),
  XZ("an xz file", 0, "\u00fd7zXZ\0", "xz -d"),
  ZSTD("a zstd file", 0, "(\u00b5/\u00fd", "zstd -d"),
  BZIP2("a bzip2 file", 0, "BZh", "bunzip2"),
  LZ4("an lz4 file", 0, "\u0004\"M\u0018", "lz4 -d"),
  SEVEN_ZIP("a 7z archive", 0, "7z\u00bc\u00af\u0027\u001c", "7z x"),
  ZIP("a zip archive", 0, "PK\u0003\u0004", "unzip"),
  TAR("a tar archive, or an OVA", 257, "ustar", "tar xf");

  private final String what;
  private final int offset;
  private final String magic;
  private final String tool;

  KnownSignature(String what, int offset, String magic, String tool) {
    this.what = what;
    this.offset = offset;
    this.magic = magic;
    this.tool = tool;
  }

  /** The container these bytes are, if it is a known one. */
  static Optional<KnownSignature> of(Probe probe) {
    for (KnownSignature signature : values()) {
      if (probe.head().startsWith(signature.offset, signature.magic)) {
        return Optional.of(signature);
      }
    }
    return Optional.empty();
  }

  /** What the container is, with its article. */
  String what() {
    return what;
  }

  /** Where its signature stands, in bytes. */
  int offset() {
    return offset;
  }

  /** How the user gets at what is inside, for messages. */
  String tool() {
    return tool;
  }
}
