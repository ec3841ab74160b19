package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CachedSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;

/** The file records of a volume, checked as they are read. */
final class NtfsVolume {

  static final long MFT = 0;
  static final long MFT_MIRROR = 1;
  static final long LOG_FILE = 2;
  static final long VOLUME = 3;
  static final long ROOT = 5;
  static final long BITMAP = 6;
  static final long UPCASE = 10;

  /** How many records the mirror has. */
  static final int MIRRORED = 4;

  /** Records below it belong to the filesystem itself. */
  static final long FIRST_USER = 16;

  private static final int CACHE_BYTES = 16 << 20;

  private final ByteSource data;
  private final ByteSource metadata;
  private final BootSector boot;
  private ByteSource mft;
  private final UpperCase upperCase;

  NtfsVolume(ByteSource data, BootSector boot) throws IOException {
    this.data = data;
    this.metadata = new CachedSource(data, new PageCache(CACHE_BYTES));
    this.boot = boot;
    // The table's first records lie where the boot sector says; they tell where the others lie.
    this.mft = new FirstRecords(metadata, boot);
    FileRecord self = FileRecord.parse(MFT, recordView(MFT));
    extendMft(self.attributes());
    NtfsFile file = NtfsFile.of(this, self);
    extendMft(file.attributes());
    this.mft = file.stream(this, "");
    this.upperCase = UpperCase.read(this);
  }

  /**
   * Takes what pieces are known of the table for all of it, while it is opened: the records that
   * hold its other pieces lie in those before.
   */
  void extendMft(List<Attribute> known) throws IOException {
    List<Attribute> pieces =
        known.stream()
            .filter(a -> a.type() == Attribute.DATA && a.name().isEmpty() && a.nonResident())
            .sorted(Comparator.comparingLong(Attribute::lowestVcn))
            .toList();
    if (pieces.isEmpty()) {
      throw new CorruptImage(
          describe(),
          "file record 0",
          boot.mftLcn() * boot.clusterSize(),
          "no $DATA",
          "the runs of $MFT");
    }
    mft = NtfsStream.firstPieces(this, pieces);
  }

  /** The first records, before it is known where the others lie. */
  private record FirstRecords(ByteSource source, BootSector boot) implements ByteSource {
    @Override
    public long size() {
      return FIRST_USER * boot.recordSize();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      source.read(boot.mftLcn() * boot.clusterSize() + offset, target);
    }

    @Override
    public String describe() {
      return source.describe();
    }
  }

  BootSector boot() {
    return boot;
  }

  /** What contents are read from, past the cache. */
  ByteSource data() {
    return data;
  }

  /** What metadata is read from. */
  ByteSource metadata() {
    return metadata;
  }

  UpperCase upperCase() {
    return upperCase;
  }

  String describe() {
    return data.describe();
  }

  /** How many clusters the volume has, no more than there is room for. */
  long clusters() {
    return Math.min(boot.clusters(), data.size() / boot.clusterSize());
  }

  /** How many records the table has. */
  long records() {
    return mft.size() / boot.recordSize();
  }

  /** The bytes of a record, its fix-ups applied. */
  ByteView recordView(long number) throws IOException {
    if (number >= records()) {
      throw new CorruptImage(
          describe(),
          "file record number",
          Fault.NOWHERE,
          Fault.number(number),
          "below " + records());
    }
    return FixUp.read(
        mft, "file record " + number, "FILE", number * boot.recordSize(), boot.recordSize());
  }

  /** A record by its number, whatever its sequence number. */
  FileRecord recordAt(long number) throws IOException {
    return FileRecord.parse(number, recordView(number));
  }

  /**
   * A record.
   *
   * @param reference its number and, in the upper 16 bits, its sequence number or 0
   * @throws CorruptImage when the record was reused since the reference was made
   */
  FileRecord record(long reference) throws IOException {
    FileRecord record = recordAt(reference & FileRecord.NUMBER_MASK);
    int sequence = (int) (reference >>> 48);
    if (sequence != 0 && sequence != record.sequence()) {
      throw new CorruptImage(
          describe(),
          "file record " + record.number() + " sequence number",
          record.number() * boot.recordSize(),
          Integer.toString(record.sequence()),
          sequence + ", as the reference to it says");
    }
    return record;
  }

  /** A file whose record is in use. */
  NtfsFile file(long reference) throws IOException {
    FileRecord record = record(reference);
    if (!record.isInUse() || !record.isBase()) {
      throw new CorruptImage(
          describe(),
          "file record " + record.number(),
          record.number() * boot.recordSize(),
          record.isInUse() ? "an extension of another record" : "not in use",
          "the base record of a file in use");
    }
    return NtfsFile.of(this, record);
  }
}
