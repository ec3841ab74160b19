package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * An entry of a GUID partition table; its fields are named as in the UEFI specification.
 *
 * @param index its place in the array, from 1
 * @param partitionTypeGuid all zero for an unused entry
 * @param uniquePartitionGuid the partition's own GUID
 * @param startingLba first sector, unsigned
 * @param endingLba last sector, unsigned, inclusive
 * @param attributes 64 flags; bit 2 is legacy BIOS bootable
 * @param partitionName up to 36 UTF-16 units
 */
public record GptEntry(
    int index,
    UUID partitionTypeGuid,
    UUID uniquePartitionGuid,
    long startingLba,
    long endingLba,
    long attributes,
    String partitionName) {

  private static final int NAME_OFFSET = 56;
  private static final int NAME_BYTES = 72;

  /**
   * Parses an entry.
   *
   * @param at bytes from the start of {@code array}, at least 128 before its end
   */
  static GptEntry parse(ByteView array, int at, int index) throws CorruptImage {
    return new GptEntry(
        index,
        Guid.parse(array, at),
        Guid.parse(array, at + Guid.SIZE),
        array.u64(at + 32),
        array.u64(at + 40),
        array.u64(at + 48),
        array.text(at + NAME_OFFSET, NAME_BYTES, StandardCharsets.UTF_16LE));
  }

  /** Whether the entry names a partition. */
  public boolean used() {
    return !partitionTypeGuid.equals(Guid.ZERO);
  }

  /** Whether the legacy-BIOS-bootable attribute is set. */
  public boolean legacyBootable() {
    return (attributes & 4) != 0;
  }
}
