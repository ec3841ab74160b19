package io.diskwright.format.vmdk;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * The constant header of a seSparse extent, which ESX writes for snapshots since version 6.5.
 * Everything is counted in sectors; tables and grains are named by their number in their regions.
 *
 * @param capacity sectors of the disk this extent holds
 * @param volatileHeaderOffset sector of the {@link SeSparseVolatileHeader}
 * @param grainDirOffset sector of the grain directory
 * @param grainTablesOffset sector of the first grain table, behind the directory
 * @param grainTablesSize sectors of all grain tables
 * @param grainsOffset sector of the first grain, behind everything else that is read
 */
record SeSparseHeader(
    long capacity,
    long volatileHeaderOffset,
    long grainDirOffset,
    long grainTablesOffset,
    long grainTablesSize,
    long grainsOffset)
    implements EsxHeader {

  /** The first eight bytes. */
  static final String MAGIC = "\u00be\u00ba\u00fe\u00ca\0\0\0\0";

  private static final String NAME = "seSparse constant header";
  private static final int SIZE = 512;
  private static final long VERSION = 0x2_0000_0001L;
  private static final long GRAIN = 8;
  private static final long TABLE = 64;
  private static final int GTES_PER_GT = 4096;

  private static final int VERSION_AT = 8;
  private static final int CAPACITY_AT = 16;
  private static final int GRAIN_SIZE_AT = 24;
  private static final int TABLE_SIZE_AT = 32;
  private static final int FLAGS_AT = 40;
  private static final int RESERVED_AT = 48;
  private static final int RESERVED = 32;
  private static final int VOLATILE_HEADER_OFFSET_AT = 80;
  private static final int GRAIN_DIR_OFFSET_AT = 128;
  private static final int GRAIN_DIR_SIZE_AT = 136;
  private static final int GRAIN_TABLES_OFFSET_AT = 144;
  private static final int GRAIN_TABLES_SIZE_AT = 152;
  private static final int GRAINS_OFFSET_AT = 192;
  private static final int PADDING_AT = 208;

  private static final int TYPE_SHIFT = 60;
  private static final int TABLE_ALLOCATED = 0x10000000;
  private static final int NUMBER_HIGH_SHIFT = 48;
  private static final int NUMBER_LOW_SHIFT = 12;
  private static final long NUMBER_LOW = 0xfff;

  /** Reads the header at the start of a file, and the volatile one. */
  static SeSparseHeader read(ByteSource file) throws IOException {
    SeSparseHeader header = parse(file.view(NAME, 0, SIZE, ByteOrder.LITTLE_ENDIAN));
    SeSparseVolatileHeader.read(file, header.volatileHeaderOffset).requireClean(file);
    return header;
  }

  /** Reads one sector. */
  static SeSparseHeader parse(ByteView view) throws ImageException {
    require(view, "version", VERSION_AT, VERSION);
    require(view, "grain_size", GRAIN_SIZE_AT, GRAIN);
    require(view, "grain_table_size", TABLE_SIZE_AT, TABLE);
    require(view, "flags", FLAGS_AT, 0);
    if (!view.isZero(RESERVED_AT, RESERVED) || !view.isZero(PADDING_AT, SIZE - PADDING_AT)) {
      throw view.unsupported("reserved fields", RESERVED_AT, "content that is not known", "zeros");
    }
    long capacity = view.u64(CAPACITY_AT);
    if (capacity == 0) {
      throw view.corrupt("capacity", CAPACITY_AT, "0", "at least 1 sector");
    }
    if (capacity < 0 || capacity > Sectors.MAX) {
      throw view.tooLarge(
          "capacity",
          CAPACITY_AT,
          Fault.number(capacity) + " sectors",
          "up to " + Fault.number(Sectors.MAX));
    }
    var header =
        new SeSparseHeader(
            capacity,
            place(view, "volatile_header_offset", VOLATILE_HEADER_OFFSET_AT, 1),
            place(view, "grain_dir_offset", GRAIN_DIR_OFFSET_AT, 1),
            place(view, "grain_tables_offset", GRAIN_TABLES_OFFSET_AT, 1),
            place(view, "grain_tables_size", GRAIN_TABLES_SIZE_AT, 0),
            place(view, "grains_offset", GRAINS_OFFSET_AT, 1));
    header.checkOrder(view);
    return header;
  }

  private static void require(ByteView view, String field, int at, long known)
      throws ImageException {
    if (view.u64(at) != known) {
      throw view.unsupported(field, at, Fault.number(view.u64(at)), Fault.number(known));
    }
  }

  private static long place(ByteView view, String field, int at, long least) throws ImageException {
    long sectors = view.u64(at);
    if (sectors < least || sectors > Sectors.MAX) {
      throw view.corrupt(
          field,
          at,
          Fault.number(sectors) + " sectors",
          least + " to " + Fault.number(Sectors.MAX));
    }
    return sectors;
  }

  /** Regions lie in one order, so that no table and no grain can lie on anything else. */
  private void checkOrder(ByteView view) throws ImageException {
    long sectors = Sectors.up(directoryEntries() * Long.BYTES);
    if (view.u64(GRAIN_DIR_SIZE_AT) < sectors) {
      throw view.corrupt(
          "grain_dir_size",
          GRAIN_DIR_SIZE_AT,
          Fault.number(view.u64(GRAIN_DIR_SIZE_AT)) + " sectors",
          "at least " + Fault.number(sectors) + ", for all of the disk");
    }
    long tables = Math.max(grainDirOffset + sectors, volatileHeaderOffset + 1);
    if (grainTablesOffset < tables) {
      throw view.corrupt(
          "grain_tables_offset",
          GRAIN_TABLES_OFFSET_AT,
          "sector " + Fault.number(grainTablesOffset),
          "behind headers and grain directory, from sector " + Fault.number(tables) + " on");
    }
    if (grainsOffset < grainTablesOffset + grainTablesSize) {
      throw view.corrupt(
          "grains_offset",
          GRAINS_OFFSET_AT,
          "sector " + Fault.number(grainsOffset),
          "behind the grain tables, from sector "
              + Fault.number(grainTablesOffset + grainTablesSize)
              + " on");
    }
  }

  @Override
  public String structure() {
    return NAME;
  }

  @Override
  public long capacityAt() {
    return CAPACITY_AT;
  }

  @Override
  public long grainSize() {
    return GRAIN;
  }

  @Override
  public int tableEntries() {
    return GTES_PER_GT;
  }

  @Override
  public int entrySize() {
    return Long.BYTES;
  }

  @Override
  public long directorySector() {
    return grainDirOffset;
  }

  /** A table's number stands in the lower half, the upper half says that there is one. */
  @Override
  public long tableSector(long entry) {
    if (entry == 0) {
      return 0;
    }
    long number = Integer.toUnsignedLong((int) entry);
    return entry >>> Integer.SIZE == TABLE_ALLOCATED && number < grainTablesSize / TABLE
        ? grainTablesOffset + number * TABLE
        : UNKNOWN;
  }

  /**
   * The uppermost four bits say what the grain is: 0 not here, 1 unmapped by the guest, 2 zeros, 3
   * here. An unmapped grain is zeros, not the parent's: what a guest has discarded does not come
   * back on ESX, whose disks read zeros then.
   */
  @Override
  public long grainSector(long entry) {
    long number =
        (entry & (1L << NUMBER_HIGH_SHIFT) - 1) << NUMBER_LOW_SHIFT
            | entry >>> NUMBER_HIGH_SHIFT & NUMBER_LOW;
    return switch ((int) (entry >>> TYPE_SHIFT)) {
      case 0 -> entry == 0 ? UNALLOCATED : UNKNOWN;
      case 1, 2 -> ZEROED;
      case 3 -> number < Sectors.MAX / GRAIN ? grainsOffset + number * GRAIN : UNKNOWN;
      default -> UNKNOWN;
    };
  }

  @Override
  public boolean isMetadata(long sector, long length) {
    return false;
  }
}
