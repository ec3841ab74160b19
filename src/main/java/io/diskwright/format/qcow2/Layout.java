package io.diskwright.format.qcow2;

/**
 * How guest offsets are split into indexes, and what L2 entries may hold.
 *
 * @param clusterBits log2 of the cluster size
 * @param extendedL2 whether L2 entries have subcluster bitmaps, 128 bits each
 * @param zeroFlag whether bit 0 of an L2 entry means zeros; else it is reserved
 * @param dataFile whether clusters lie in an external data file, where 0 is an offset like others
 */
record Layout(int clusterBits, boolean extendedL2, boolean zeroFlag, boolean dataFile) {

  static Layout of(Header header, Features features) {
    return new Layout(
        header.clusterBits(),
        features.extendedL2(),
        header.version() >= 3 && !features.extendedL2(),
        features.dataFile());
  }

  /** Bytes of a cluster. */
  int clusterSize() {
    return 1 << clusterBits;
  }

  /** Entries of an L2 table. */
  int l2Entries() {
    return clusterSize() >> (extendedL2 ? 4 : 3);
  }

  /** log2 of the guest bytes that one L1 entry stands for. */
  int l1Shift() {
    return 2 * clusterBits - (extendedL2 ? 4 : 3);
  }

  /** The L1 index of a guest offset. */
  long l1Index(long guestOffset) {
    return guestOffset >>> l1Shift();
  }

  /** The index of a guest offset in its L2 table. */
  int l2Index(long guestOffset) {
    return (int) (guestOffset >>> clusterBits) & l2Entries() - 1;
  }

  /** The place of a guest offset in its cluster, in bytes. */
  int within(long guestOffset) {
    return (int) guestOffset & clusterSize() - 1;
  }

  /** The L1 entries that a disk of {@code size} bytes needs. */
  long l1EntriesFor(long size) {
    return size == 0 ? 0 : ((size - 1) >>> l1Shift()) + 1;
  }
}
