package io.diskwright.format.vmdk;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * The header of a vmfsSparse extent ({@code COWDisk_Header}), which ESX wrote for snapshots up to
 * version 6.0, and later on for disks below 2 TiB. Its parent is the descriptor's.
 *
 * @param numSectors of the disk this extent holds
 * @param grainSize sectors of a grain, a power of two
 * @param gdOffset sector of the grain directory
 * @param numGDEntries entries of the grain directory, at least as many as the disk needs
 * @param uncleanShutdown not closed by its last writer
 */
record CowdHeader(
    long numSectors, long grainSize, long gdOffset, long numGDEntries, boolean uncleanShutdown)
    implements EsxHeader {

  /** The first four bytes. */
  static final String MAGIC = "COWD";

  private static final String NAME = "vmfsSparse extent header";
  private static final int SIZE = 2048;
  private static final int GTES_PER_GT = 4096;
  private static final int MAX_GRAIN = 1 << 16;

  private static final int VERSION_AT = 4;
  private static final int NUM_SECTORS_AT = 12;
  private static final int GRAIN_SIZE_AT = 16;
  private static final int GD_OFFSET_AT = 20;
  private static final int NUM_GD_ENTRIES_AT = 24;
  private static final int UNCLEAN_AT = 1648;

  /** Reads the header at the start of a file. */
  static CowdHeader read(ByteSource file) throws IOException {
    return parse(file.view(NAME, 0, SIZE, ByteOrder.LITTLE_ENDIAN));
  }

  /** Reads four sectors. */
  static CowdHeader parse(ByteView view) throws ImageException {
    if (view.u32(VERSION_AT) != 1) {
      throw view.unsupported("version", VERSION_AT, Fault.number(view.u32(VERSION_AT)), "1");
    }
    var header =
        new CowdHeader(
            view.u32(NUM_SECTORS_AT),
            view.u32(GRAIN_SIZE_AT),
            view.u32(GD_OFFSET_AT),
            view.u32(NUM_GD_ENTRIES_AT),
            view.u32(UNCLEAN_AT) != 0);
    header.check(view);
    return header;
  }

  private void check(ByteView view) throws ImageException {
    if (numSectors == 0) {
      throw view.corrupt("numSectors", NUM_SECTORS_AT, "0", "at least 1 sector");
    }
    if (Long.bitCount(grainSize) != 1) {
      throw view.corrupt(
          "grainSize", GRAIN_SIZE_AT, Fault.number(grainSize) + " sectors", "a power of two");
    }
    if (grainSize > MAX_GRAIN) {
      throw view.tooLarge(
          "grainSize",
          GRAIN_SIZE_AT,
          Fault.number(grainSize) + " sectors",
          "up to " + Fault.number(MAX_GRAIN));
    }
    if (gdOffset < SIZE / Sectors.SIZE) {
      throw view.corrupt(
          "gdOffset", GD_OFFSET_AT, "sector " + gdOffset + ", on the header", "behind the header");
    }
    if (numGDEntries < directoryEntries()) {
      throw view.corrupt(
          "numGDEntries",
          NUM_GD_ENTRIES_AT,
          Fault.number(numGDEntries),
          "at least " + Fault.number(directoryEntries()) + ", for all of the disk");
    }
  }

  @Override
  public String structure() {
    return NAME;
  }

  @Override
  public long capacity() {
    return numSectors;
  }

  @Override
  public long capacityAt() {
    return NUM_SECTORS_AT;
  }

  /** Where {@link #uncleanShutdown} stands, in bytes. */
  long uncleanShutdownAt() {
    return UNCLEAN_AT;
  }

  @Override
  public int tableEntries() {
    return GTES_PER_GT;
  }

  @Override
  public int entrySize() {
    return Integer.BYTES;
  }

  @Override
  public long directorySector() {
    return gdOffset;
  }

  @Override
  public long tableSector(long entry) {
    return entry;
  }

  /** There are no grains of zeros: 1 is a sector of the header. */
  @Override
  public long grainSector(long entry) {
    return entry == ZEROED ? UNKNOWN : entry;
  }

  @Override
  public boolean isMetadata(long sector, long length) {
    return sector < SIZE / Sectors.SIZE
        || sector < gdOffset + Sectors.up(directoryEntries() * Integer.BYTES)
            && gdOffset < sector + length;
  }
}
