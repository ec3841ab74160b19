package io.diskwright.volume.lvm;

/** LVM's checksum: CRC-32 with a start of its own and no inversion. */
final class LvmChecksum {

  private static final int START = 0xf597a6cf;
  private static final int POLYNOMIAL = 0xedb88320;
  private static final int[] TABLE = table();

  private LvmChecksum() {}

  static int of(byte[] bytes) {
    int crc = START;
    for (byte b : bytes) {
      crc = crc >>> 8 ^ TABLE[(crc ^ b) & 0xff];
    }
    return crc;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
      }
      table[i] = crc;
    }
    return table;
  }
}
