package io.diskwright.format.parallels;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.nio.charset.StandardCharsets;

/**
 * The header of an expanding image, little-endian, its fields named as in QEMU's specification.
 *
 * @param magic {@link #MAGIC} or {@link #EXTENDED_MAGIC}
 * @param version 2
 * @param heads of the guest's geometry
 * @param cylinders of the guest's geometry
 * @param tracks sectors of a cluster
 * @param nbBatEntries entries of the block allocation table
 * @param nbSectors sectors of the disk
 * @param inUse whether a program has the image open for writing
 * @param dataOff where the first cluster starts, in sectors; 0 for the end of the table
 * @param flags bit 0 marks an image that holds nothing
 * @param extOff where the format extension starts, in sectors; 0 without one
 */
record ParallelsHeader(
    String magic,
    long version,
    long heads,
    long cylinders,
    long tracks,
    long nbBatEntries,
    long nbSectors,
    long inUse,
    long dataOff,
    long flags,
    long extOff) {

  /** Bytes of a header; the block allocation table follows. */
  static final int SIZE = 64;

  static final String NAME = "header";

  /** The table counts in sectors. */
  static final String MAGIC = "WithoutFreeSpace";

  /** The table counts in clusters. */
  static final String EXTENDED_MAGIC = "WithouFreSpacExt";

  static final int SECTOR = 512;
  static final int IN_USE_AT = 44;
  static final int DATA_OFF_AT = 48;
  static final int FLAGS_AT = 52;
  static final int EXT_OFF_AT = 56;

  /** Value of {@link #inUse} while a program writes, and after one that did not end. */
  static final long OPENED = 0x746F_6E59L;

  /** Value of {@link #inUse} after a program that ended well; old ones leave 0. */
  static final long CLOSED = 0x312E_3276L;

  /** 8 TiB in the usual clusters of 1 MiB. */
  static final long MAX_CLUSTERS = 1 << 23;

  private static final long EMPTY = 1;
  private static final long CONVERTING = 2;
  private static final long MAX_TRACKS = 1 << 19;

  /**
   * Reads the first {@link #SIZE} bytes of an image.
   *
   * @throws ImageException when a field is wrong in itself or contradicts another
   */
  static ParallelsHeader parse(ByteView view) throws ImageException {
    var header =
        new ParallelsHeader(
            view.text(0, 16, StandardCharsets.ISO_8859_1),
            view.u32(16),
            view.u32(20),
            view.u32(24),
            view.u32(28),
            view.u32(32),
            view.u64(36),
            view.u32(IN_USE_AT),
            view.u32(DATA_OFF_AT),
            view.u32(FLAGS_AT),
            view.u64(EXT_OFF_AT));
    if (!header.magic.equals(MAGIC) && !header.isExtended()) {
      throw view.corrupt(
          "magic", 0, "'" + header.magic + "'", "'" + MAGIC + "', '" + EXTENDED_MAGIC + "'");
    }
    if (header.version != 2) {
      throw view.unsupported("version", 16, Fault.number(header.version), "2");
    }
    header.checkFlags(view);
    header.checkSizes(view);
    header.checkPlaces(view);
    return header;
  }

  private void checkFlags(ByteView view) throws ImageException {
    if ((flags & ~EMPTY) != 0) {
      throw view.unsupported(
          "flags",
          FLAGS_AT,
          Fault.number(flags)
              + ((flags & CONVERTING) != 0
                  ? ", half-way between the two kinds of block allocation table"
                  : ""),
          "0, 1");
    }
  }

  private void checkSizes(ByteView view) throws ImageException {
    if (tracks == 0) {
      throw view.corrupt("tracks", 28, "0", "the sectors of a cluster");
    }
    if (tracks > MAX_TRACKS) {
      throw view.tooLarge(
          "tracks", 28, Fault.number(tracks), "up to " + Fault.number(MAX_TRACKS) + " sectors");
    }
    long most = isExtended() ? Long.MAX_VALUE / SECTOR : 0xFFFF_FFFFL;
    if (nbSectors <= 0 || nbSectors > most) {
      throw view.corrupt(
          "nb_sectors", 36, Fault.number(nbSectors), "from 1 to " + Fault.number(most));
    }
    long needed = Math.ceilDiv(nbSectors, tracks);
    if (needed > MAX_CLUSTERS) {
      throw view.tooLarge(
          "nb_sectors",
          36,
          Fault.number(nbSectors) + ", " + Fault.number(needed) + " clusters",
          "up to " + Fault.number(MAX_CLUSTERS) + " clusters");
    }
    if (nbBatEntries < needed) {
      throw view.corrupt(
          "nb_bat_entries",
          32,
          Fault.number(nbBatEntries),
          "at least " + Fault.number(needed) + " for the disk");
    }
  }

  private void checkPlaces(ByteView view) throws ImageException {
    if (dataOff != 0 && dataOff * SECTOR < tableEnd()) {
      throw view.corrupt(
          "data_off",
          DATA_OFF_AT,
          Fault.number(dataOff),
          "0, or a sector after the block allocation table's end " + Fault.number(tableEnd()));
    }
    if (extOff < 0
        || extOff > Long.MAX_VALUE / SECTOR
        || extOff != 0 && extension() < dataStart()) {
      throw view.corrupt(
          "ext_off",
          EXT_OFF_AT,
          Fault.number(extOff),
          "0, or a sector from the first cluster at " + Fault.number(dataStart()) + " on");
    }
  }

  /** Whether the table counts in clusters. */
  boolean isExtended() {
    return magic.equals(EXTENDED_MAGIC);
  }

  /** Whether the image says that it holds nothing. */
  boolean isEmpty() {
    return (flags & EMPTY) != 0;
  }

  /** Bytes of the disk. */
  long size() {
    return nbSectors * SECTOR;
  }

  /** Bytes of a cluster. */
  long clusterSize() {
    return tracks * SECTOR;
  }

  /** Bytes that one stands for in the table. */
  long unit() {
    return isExtended() ? clusterSize() : SECTOR;
  }

  /** Where the table ends, in bytes. */
  long tableEnd() {
    return SIZE + nbBatEntries * Integer.BYTES;
  }

  /** No cluster starts before it; in bytes. */
  long dataStart() {
    return dataOff == 0 ? tableEnd() : dataOff * SECTOR;
  }

  /** Where the format extension starts, in bytes; 0 without one. */
  long extension() {
    return extOff * SECTOR;
  }
}
