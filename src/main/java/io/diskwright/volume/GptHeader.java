package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * A header of a GUID partition table; its fields are named as in the UEFI specification. LBAs are
 * 512-byte sectors and unsigned: a negative one lies above 2^63.
 *
 * @param revision 0x00010000
 * @param headerSize bytes the header's checksum covers
 * @param headerCrc32 the checksum as it is stored
 * @param headerCrcValid whether the stored checksum is that of the bytes read
 * @param myLba where this header says it lies
 * @param alternateLba where it says that the other one lies
 * @param firstUsableLba first sector partitions may take
 * @param lastUsableLba last sector partitions may take
 * @param diskGuid the disk's GUID
 * @param partitionEntryLba where the array of entries starts
 * @param numberOfPartitionEntries entries of the array, used or not
 * @param sizeOfPartitionEntry bytes of an entry
 * @param partitionEntryArrayCrc32 the array's checksum
 */
public record GptHeader(
    long revision,
    long headerSize,
    long headerCrc32,
    boolean headerCrcValid,
    long myLba,
    long alternateLba,
    long firstUsableLba,
    long lastUsableLba,
    UUID diskGuid,
    long partitionEntryLba,
    long numberOfPartitionEntries,
    long sizeOfPartitionEntry,
    long partitionEntryArrayCrc32) {

  /** Bytes of the sector a header lies in. */
  public static final int SECTOR = 512;

  /** Bytes of the header's fields. */
  public static final int FIELDS = 92;

  static final String SIGNATURE = "EFI PART";

  /** Parses a 512-byte sector; empty when it does not start with {@code EFI PART}. */
  public static Optional<GptHeader> parse(ByteView sector) throws CorruptImage {
    if (!sector.startsWith(0, SIGNATURE)) {
      return Optional.empty();
    }
    long headerSize = sector.u32(12);
    long headerCrc32 = sector.u32(16);
    boolean sizeAllowed = headerSize >= FIELDS && headerSize <= SECTOR;
    return Optional.of(
        new GptHeader(
            sector.u32(8),
            headerSize,
            headerCrc32,
            sizeAllowed && crc(sector.bytes(0, (int) headerSize)) == headerCrc32,
            sector.u64(24),
            sector.u64(32),
            sector.u64(40),
            sector.u64(48),
            Guid.parse(sector, 56),
            sector.u64(72),
            sector.u32(80),
            sector.u32(84),
            sector.u32(88)));
  }

  /**
   * The sector with this header: 512 bytes, the checksum computed anew and all that is reserved
   * zero.
   */
  public byte[] encode() {
    byte[] sector = new byte[SECTOR];
    ByteBuffer target = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN);
    target.put(SIGNATURE.getBytes(StandardCharsets.US_ASCII));
    target.putInt((int) revision).putInt((int) headerSize).putInt(0).putInt(0);
    target.putLong(myLba).putLong(alternateLba).putLong(firstUsableLba).putLong(lastUsableLba);
    Guid.put(target, diskGuid);
    target.putLong(partitionEntryLba);
    target.putInt((int) numberOfPartitionEntries).putInt((int) sizeOfPartitionEntry);
    target.putInt((int) partitionEntryArrayCrc32);
    int covered = (int) Math.clamp(headerSize, FIELDS, SECTOR);
    var crc = new CRC32();
    crc.update(sector, 0, covered);
    target.putInt(16, (int) crc.getValue());
    return sector;
  }

  /** Bytes of the entry array; at most 4 MiB in a sound copy, and without meaning in any other. */
  public long arrayBytes() {
    return numberOfPartitionEntries * sizeOfPartitionEntry;
  }

  /** Whole sectors the entry array of a sound copy takes. */
  public long arraySectors() {
    return Math.ceilDiv(arrayBytes(), SECTOR);
  }

  /** The same table's header for another place or a disk of another size. */
  public GptHeader placed(
      long newMyLba, long newAlternateLba, long newLastUsableLba, long newPartitionEntryLba) {
    return new GptHeader(
        revision,
        headerSize,
        headerCrc32,
        false,
        newMyLba,
        newAlternateLba,
        firstUsableLba,
        newLastUsableLba,
        diskGuid,
        newPartitionEntryLba,
        numberOfPartitionEntries,
        sizeOfPartitionEntry,
        partitionEntryArrayCrc32);
  }

  /** Whether another header states the same of the disk; places may differ. */
  public boolean describesSame(GptHeader other) {
    return diskGuid.equals(other.diskGuid)
        && firstUsableLba == other.firstUsableLba
        && lastUsableLba == other.lastUsableLba
        && numberOfPartitionEntries == other.numberOfPartitionEntries
        && sizeOfPartitionEntry == other.sizeOfPartitionEntry
        && partitionEntryArrayCrc32 == other.partitionEntryArrayCrc32;
  }

  private static long crc(byte[] header) {
    // The checksum's own field counts as zero.
    ByteBuffer.wrap(header).putInt(16, 0);
    var crc = new CRC32();
    crc.update(header);
    return crc.getValue();
  }
}
