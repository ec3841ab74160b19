package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;

/**
 * One of the four 16-byte entries of a boot record. CHS fields are not read: nothing uses them.
 *
 * @param index its place in the record, 1 to 4
 * @param status the boot indicator: 0x80 active, 0x00 not
 * @param type the partition type, 0 for an unused entry
 * @param firstLba in sectors; in an extended boot record relative to it or to the container
 * @param sectors length in sectors
 */
public record MbrEntry(int index, int status, int type, long firstLba, long sectors) {

  /** Bytes of an entry. */
  public static final int SIZE = 16;

  /** Where the first entry lies in its record, in bytes. */
  public static final int TABLE_OFFSET = 446;

  static final int PROTECTIVE = 0xEE;

  /** Parses the entry {@code index}, 1 to 4, of a 512-byte record. */
  public static MbrEntry parse(ByteView sector, int index) throws CorruptImage {
    int at = TABLE_OFFSET + (index - 1) * SIZE;
    return new MbrEntry(
        index, sector.u8(at), sector.u8(at + 4), sector.u32(at + 8), sector.u32(at + 12));
  }

  /** Whether the entry names a partition: it has a type and a length. */
  public boolean used() {
    return type != 0 && sectors != 0;
  }

  /** Whether it is a container of logical partitions: types 05, 0F and 85. */
  public boolean extended() {
    return used() && (type == 0x05 || type == 0x0F || type == 0x85);
  }

  /** Whether it protects a GUID partition table: type EE. */
  public boolean protective() {
    return type == PROTECTIVE;
  }

  /** Whether the boot indicator is 0x80. */
  public boolean active() {
    return status == 0x80;
  }

  /** The sector after its last; below 2^33. */
  public long endLba() {
    return firstLba + sectors;
  }

  /** Where the entry lies, in bytes from the start of its record. */
  int offset() {
    return TABLE_OFFSET + (index - 1) * SIZE;
  }
}
