package io.diskwright.format.vdi;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The pre-header and header of a VDI, little-endian, its fields named as VirtualBox names them.
 *
 * @param szFileInfo the maker's greeting
 * @param u32Version major version in the upper half
 * @param cbHeader bytes of the header after the pre-header
 * @param u32Type {@link #NORMAL}, {@link #FIXED} or {@link #DIFFERENCING}
 * @param szComment the user's remark
 * @param offBlocks where the block map starts, in bytes
 * @param offData where the first block starts, in bytes
 * @param legacyGeometry cylinders/heads/sectors
 * @param cbDisk bytes of the disk
 * @param cbBlock bytes of disk in a block
 * @param cbBlockExtra bytes stored before each block's data, which are not of the disk
 * @param cBlocks entries of the block map
 * @param cBlocksAllocated blocks that are stored
 * @param uuidCreate the image's UUID
 * @param uuidModify changes whenever the image does
 * @param uuidLinkage the parent's {@code uuidCreate}, all zero without a parent
 * @param uuidParentModify the parent's {@code uuidModify} when this image was made
 */
record VdiHeader(
    String szFileInfo,
    long u32Version,
    long cbHeader,
    long u32Type,
    String szComment,
    long offBlocks,
    long offData,
    String legacyGeometry,
    long cbDisk,
    long cbBlock,
    long cbBlockExtra,
    long cBlocks,
    long cBlocksAllocated,
    UUID uuidCreate,
    UUID uuidModify,
    UUID uuidLinkage,
    UUID uuidParentModify) {

  /** Bytes of the pre-header and the fields of the header that every version 1.1 has. */
  static final int SIZE = 0x1C8;

  static final int SIGNATURE_AT = 0x40;
  static final long SIGNATURE = 0xBEDA_107FL;

  /** Image type: blocks are stored once they are written. */
  static final long NORMAL = 1;

  /** Image type: all blocks are stored. */
  static final long FIXED = 2;

  /** Image type: stores what differs from a parent. */
  static final long DIFFERENCING = 4;

  static final int UUID_CREATE_AT = 0x188;
  static final int UUID_MODIFY_AT = 0x198;
  static final int UUID_LINKAGE_AT = 0x1A8;
  static final int UUID_PARENT_MODIFY_AT = 0x1B8;

  /** The largest block map that is read: 256 TiB in blocks of the usual 1 MiB. */
  static final long MAX_BLOCKS = 1 << 28;

  static final String NAME = "header";

  private static final long UNDO = 3;
  private static final String TYPES = "1 (normal), 2 (fixed), 4 (differencing)";
  private static final long VERSION_1_1 = 0x0001_0001;
  private static final long VERSION_1_2 = 0x0001_0002;
  private static final int PRE_HEADER = 0x48;
  private static final int SECTOR = 512;
  private static final int MIN_BLOCK = 4096;
  private static final int MAX_BLOCK = 256 << 20;

  /**
   * Reads the first {@link #SIZE} bytes of an image.
   *
   * @throws ImageException when a field is wrong in itself or contradicts another, or the image is
   *     of another version or type
   */
  static VdiHeader parse(ByteView view) throws ImageException {
    checkKind(view);
    var header =
        new VdiHeader(
            view.text(0, 64, StandardCharsets.ISO_8859_1),
            view.u32(0x44),
            view.u32(0x48),
            view.u32(0x4C),
            view.text(0x54, 256, StandardCharsets.UTF_8),
            view.u32(0x154),
            view.u32(0x158),
            view.u32(0x15C) + "/" + view.u32(0x160) + "/" + view.u32(0x164),
            view.u64(0x170),
            view.u32(0x178),
            view.u32(0x17C),
            view.u32(0x180),
            view.u32(0x184),
            uuid(view, UUID_CREATE_AT),
            uuid(view, UUID_MODIFY_AT),
            uuid(view, UUID_LINKAGE_AT),
            uuid(view, UUID_PARENT_MODIFY_AT));
    header.checkSizes(view);
    header.checkPlaces(view);
    return header;
  }

  private static void checkKind(ByteView view) throws ImageException {
    if (view.u32(SIGNATURE_AT) != SIGNATURE) {
      throw view.corrupt(
          "u32Signature",
          SIGNATURE_AT,
          Fault.number(view.u32(SIGNATURE_AT)),
          Fault.number(SIGNATURE));
    }
    long version = view.u32(0x44);
    if (version != VERSION_1_1 && version != VERSION_1_2) {
      throw view.unsupported(
          "u32Version", 0x44, (version >>> 16) + "." + (version & 0xFFFF), "1.1, 1.2");
    }
    long type = view.u32(0x4C);
    if (type == UNDO) {
      throw contradiction(view, "u32Type", 0x4C, "3 (undo)", TYPES);
    }
    if (type != NORMAL && type != FIXED && type != DIFFERENCING) {
      throw view.corrupt("u32Type", 0x4C, Fault.number(type), TYPES);
    }
    checkLink(view, type, "uuidLinkage", UUID_LINKAGE_AT);
    checkLink(view, type, "uuidParentModify", UUID_PARENT_MODIFY_AT);
    if (view.u32(0x168) != SECTOR) {
      throw view.unsupported(
          "LegacyGeometry.cbSector", 0x168, Fault.number(view.u32(0x168)), "512");
    }
  }

  /**
   * VirtualBox goes by the type alone: it would read zeros where an image that has a parent and
   * says it stands alone stores nothing. It never writes such an image, so one of the two is wrong,
   * and which of them decides what the disk holds.
   */
  private static void checkLink(ByteView view, long type, String field, int at)
      throws ImageException {
    UUID link = uuid(view, at);
    if (type == DIFFERENCING && isNil(link)) {
      throw view.corrupt(field, at, link.toString(), "the parent's, in a differencing image");
    }
    if (type != DIFFERENCING && !isNil(link)) {
      String found = link + ", in an image of type " + type + " that stands alone";
      throw contradiction(view, field, at, found, "no parent");
    }
  }

  private static UnsupportedFeature contradiction(
      ByteView view, String field, int at, String found, String allowed) {
    return new UnsupportedFeature(
        view.source(),
        NAME + " " + field,
        view.offset() + at,
        found,
        allowed,
        "Clone the disk with VirtualBox, which writes a whole image");
  }

  private void checkSizes(ByteView view) throws CorruptImage, LimitExceeded {
    if (cbDisk <= 0) {
      throw view.corrupt("cbDisk", 0x170, Fault.number(cbDisk), "above 0 and below 2^63");
    }
    if (cbBlock < MIN_BLOCK || Long.bitCount(cbBlock) != 1) {
      throw view.corrupt(
          "cbBlock", 0x178, Fault.number(cbBlock), "a power of two from " + MIN_BLOCK + " on");
    }
    if (cbBlock > MAX_BLOCK) {
      throw view.tooLarge(
          "cbBlock", 0x178, Fault.number(cbBlock), "up to " + Fault.number(MAX_BLOCK));
    }
    if (cbBlockExtra > cbBlock || cbBlockExtra % SECTOR != 0) {
      throw view.corrupt(
          "cbBlockExtra",
          0x17C,
          Fault.number(cbBlockExtra),
          "a multiple of 512 up to the block size " + Fault.number(cbBlock));
    }
    long needed = Math.ceilDiv(cbDisk, cbBlock);
    if (cBlocks < needed) {
      throw view.corrupt(
          "cBlocks",
          0x180,
          Fault.number(cBlocks),
          "at least " + Fault.number(needed) + " for the disk");
    }
    if (needed > MAX_BLOCKS) {
      throw view.tooLarge(
          "cBlocks", 0x180, Fault.number(cBlocks), "up to " + Fault.number(MAX_BLOCKS));
    }
    if (cBlocksAllocated > cBlocks) {
      throw view.corrupt(
          "cBlocksAllocated",
          0x184,
          Fault.number(cBlocksAllocated),
          "up to " + Fault.number(cBlocks) + ", all blocks");
    }
  }

  private void checkPlaces(ByteView view) throws CorruptImage {
    if (cbHeader < SIZE - PRE_HEADER) {
      throw view.corrupt(
          "cbHeader",
          PRE_HEADER,
          Fault.number(cbHeader),
          "at least " + Fault.number(SIZE - PRE_HEADER));
    }
    if (offBlocks < PRE_HEADER + cbHeader || offBlocks % SECTOR != 0) {
      throw view.corrupt(
          "offBlocks",
          0x154,
          Fault.number(offBlocks),
          "a multiple of 512 after the header's end " + Fault.number(PRE_HEADER + cbHeader));
    }
    long mapEnd = offBlocks + cBlocks * Integer.BYTES;
    if (offData < mapEnd || offData % SECTOR != 0) {
      throw view.corrupt(
          "offData",
          0x158,
          Fault.number(offData),
          "a multiple of 512 after the block map's end " + Fault.number(mapEnd));
    }
  }

  /** A UUID whose first three fields are little-endian, as VirtualBox stores them. */
  static UUID uuid(ByteView view, int at) throws CorruptImage {
    long first = view.u32(at) << 32 | (long) view.u16(at + 4) << 16 | view.u16(at + 6);
    return new UUID(first, Long.reverseBytes(view.u64(at + 8)));
  }

  private static boolean isNil(UUID uuid) {
    return uuid.getMostSignificantBits() == 0 && uuid.getLeastSignificantBits() == 0;
  }
}
