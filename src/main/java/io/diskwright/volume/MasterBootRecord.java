package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk's first sector, read as a master boot record. That it parses says nothing: any 512 bytes
 * do.
 *
 * @param bootCode the first 440 bytes, little-endian
 * @param diskSignature the 32-bit number by which Windows knows the disk
 * @param entries the four entries, in the order of the record
 * @param signature55AA whether the record ends in 55 AA
 */
public record MasterBootRecord(
    ByteView bootCode, long diskSignature, List<MbrEntry> entries, boolean signature55AA) {

  /** Bytes of the record. */
  public static final int SIZE = 512;

  /** Bytes of boot code. */
  public static final int BOOT_CODE = 440;

  /** Takes a copy of the entries. */
  public MasterBootRecord {
    entries = List.copyOf(entries);
  }

  /** Parses a 512-byte sector, a little-endian view. */
  public static MasterBootRecord parse(ByteView sector) throws CorruptImage {
    List<MbrEntry> entries = new ArrayList<>();
    for (int index = 1; index <= 4; index++) {
      entries.add(MbrEntry.parse(sector, index));
    }
    var code =
        new ByteView(
            ByteBuffer.wrap(sector.bytes(0, BOOT_CODE)),
            ByteOrder.LITTLE_ENDIAN,
            sector.source(),
            "MBR boot code",
            sector.offset());
    return new MasterBootRecord(code, sector.u32(BOOT_CODE), entries, sector.u16(510) == 0xAA55);
  }

  /** Whether an entry of type EE says that a GUID partition table describes the disk. */
  public boolean isProtective() {
    return signature55AA && entries.stream().anyMatch(MbrEntry::protective);
  }

  /** Whether it protects a GUID partition table and also names partitions of its own. */
  public boolean isHybrid() {
    return isProtective() && entries.stream().anyMatch(e -> e.used() && !e.protective());
  }
}
