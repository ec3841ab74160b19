package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.util.List;
import java.util.Optional;

/**
 * One link of the chain of logical partitions.
 *
 * @param lba where the record lies, in sectors
 * @param logical the partition it describes, relative to this record; empty when it has none
 * @param link the next record, relative to the container's start; empty in the last
 * @param signature55AA whether the record ends in 55 AA
 */
public record ExtendedBootRecord(
    long lba, Optional<MbrEntry> logical, Optional<MbrEntry> link, boolean signature55AA) {

  /**
   * Parses a 512-byte sector. The first entry that is a partition and the first that is a container
   * count, wherever in the record they stand; others are left aside, as Linux does.
   */
  public static ExtendedBootRecord parse(ByteView sector, long lba) throws CorruptImage {
    MasterBootRecord record = MasterBootRecord.parse(sector);
    List<MbrEntry> entries = record.entries();
    return new ExtendedBootRecord(
        lba,
        entries.stream().filter(e -> e.used() && !e.extended()).findFirst(),
        entries.stream().filter(MbrEntry::extended).findFirst(),
        record.signature55AA());
  }
}
