package io.diskwright.volume;

/**
 * One partition of a disk. Positions are guest bytes, not sectors.
 *
 * @param number as the operating systems count: MBR primaries 1 to 4, logicals from 5, GPT from 1
 * @param start first byte
 * @param length bytes, as the table says, even where that leaves the disk
 * @param type the MBR type in hex ({@code 83}) or the GPT type GUID in upper case
 * @param active the MBR's boot indicator, or the GPT's legacy-BIOS-bootable attribute
 * @param name the GPT's name, empty in an MBR
 * @param kind where in the table it stands
 */
public record Partition(
    int number, long start, long length, String type, boolean active, String name, Kind kind) {

  /** Where a partition stands in its table. */
  public enum Kind {
    /** One of the MBR's four entries, holding a volume. */
    PRIMARY,
    /** An MBR entry that only contains logical partitions. */
    EXTENDED,
    /** A partition of the chain of extended boot records. */
    LOGICAL,
    /** An entry of a GUID partition table. */
    GPT
  }
}
