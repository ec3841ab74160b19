package io.diskwright.vhd;

/** The checksum of VHD structures: the complement of the sum of their bytes. */
final class VhdChecksum {

  private VhdChecksum() {}

  /**
   * Computes it.
   *
   * @param checksumAt where the four bytes of the stored checksum lie, which count as zero
   */
  static long of(byte[] structure, int checksumAt) {
    int sum = 0;
    for (int i = 0; i < structure.length; i++) {
      if (i < checksumAt || i >= checksumAt + Integer.BYTES) {
        sum += Byte.toUnsignedInt(structure[i]);
      }
    }
    return Integer.toUnsignedLong(~sum);
  }
}
