package io.diskwright.filesystem.xfs;

/** The hash by which names of entries and attributes are found. */
final class NameHash {

  private NameHash() {}

  /** The hash of a name, unsigned. */
  static long of(byte[] name) {
    int hash = 0;
    for (byte b : name) {
      hash = Byte.toUnsignedInt(b) ^ Integer.rotateLeft(hash, 7);
    }
    return Integer.toUnsignedLong(hash);
  }

  /** The hash of a name where case does not matter. */
  static long ofFolded(byte[] name) {
    return of(folded(name));
  }

  /** The name with its letters small: those of ASCII and of Latin-1. */
  static byte[] folded(byte[] name) {
    byte[] folded = name.clone();
    for (int i = 0; i < folded.length; i++) {
      int c = Byte.toUnsignedInt(folded[i]);
      if (c >= 'A' && c <= 'Z' || c >= 0xc0 && c <= 0xd6 || c >= 0xd8 && c <= 0xde) {
        folded[i] = (byte) (c + 'a' - 'A');
      }
    }
    return folded;
  }
}
