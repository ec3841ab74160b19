package io.diskwright.format.qcow2;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;

/**
 * A state in which the disk can be read: as it is now, or as a snapshot kept it.
 *
 * @param structure what states it: the header, or a snapshot's entry
 * @param size bytes the guest sees, or saw
 * @param l1Size entries of its L1 table
 * @param l1SizeAt where that is stated, bytes from the start of the file
 * @param l1TableOffset where its L1 table lies, bytes from the start of the file
 * @param l1TableOffsetAt where that is stated, bytes from the start of the file
 */
record DiskState(
    String structure,
    long size,
    long l1Size,
    long l1SizeAt,
    long l1TableOffset,
    long l1TableOffsetAt) {

  /** The disk as it is now. */
  static DiskState active(Header header) {
    return new DiskState(
        Header.NAME,
        header.size(),
        header.l1Size(),
        Header.L1_SIZE_AT,
        header.l1TableOffset(),
        Header.L1_TABLE_OFFSET_AT);
  }

  /**
   * The disk as a snapshot kept it. Version 2 could not change the size of an image that has
   * snapshots, so one that does not state a size has the active one.
   *
   * @param source the file's name, for messages
   * @throws CorruptImage when the snapshot does not state its size, though it must
   */
  static DiskState of(Snapshot snapshot, Header header, String source) throws CorruptImage {
    if (snapshot.diskSize().isEmpty() && header.version() > 2) {
      throw new CorruptImage(
          source,
          Snapshot.NAME + " extra_data_size",
          snapshot.offset() + Snapshot.EXTRA_DATA_SIZE_AT,
          "no disk size of snapshot " + snapshot.title(),
          "at least " + Snapshot.EXTRA_WITH_DISK_SIZE + " bytes of extra data in version 3");
    }
    return new DiskState(
        Snapshot.NAME,
        snapshot.diskSize().orElse(header.size()),
        snapshot.l1Size(),
        snapshot.offset() + Snapshot.L1_SIZE_AT,
        snapshot.l1TableOffset(),
        snapshot.offset() + Snapshot.L1_TABLE_OFFSET_AT);
  }

  /** Refuses the L1 table's length. */
  CorruptImage wrongL1Size(String source, long needed) {
    return new CorruptImage(
        source,
        structure + " l1_size",
        l1SizeAt,
        Fault.number(l1Size) + " entries",
        "at least " + Fault.number(needed) + " for size " + Fault.number(size));
  }
}
