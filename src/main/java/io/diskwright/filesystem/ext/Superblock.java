package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * The superblock, with what follows from it alone. Fields are named as in the kernel's {@code
 * ext4_super_block}.
 *
 * @param blockSize bytes, 1024 to 65536
 * @param blocksCount blocks of the filesystem
 * @param reservedBlocksCount of the free blocks only root may have
 * @param clusterBits how many blocks make a cluster, as a power of two
 * @param firstInode the first that is not reserved
 * @param inodeSize bytes
 * @param descSize bytes of a group descriptor
 * @param checksumValid whether its own checksum is right, or it has none
 */
record Superblock(
    long inodesCount,
    long blocksCount,
    long freeBlocksCount,
    long freeInodesCount,
    long reservedBlocksCount,
    long firstDataBlock,
    int blockSize,
    int clusterBits,
    long blocksPerGroup,
    long clustersPerGroup,
    long inodesPerGroup,
    int state,
    long firstInode,
    int inodeSize,
    long blockGroupNr,
    int compat,
    int incompat,
    int roCompat,
    byte[] uuid,
    String label,
    String lastMounted,
    long journalInum,
    long lastOrphan,
    int[] hashSeed,
    int descSize,
    long firstMetaBg,
    long flags,
    long mmpBlock,
    long errorCount,
    int reservedGdtBlocks,
    long[] backupGroups,
    long projectQuotaInum,
    long checksumSeed,
    long orphanFileInum,
    boolean checksumValid) {

  /** Where it lies, bytes from the start of the volume. */
  static final int OFFSET = 1024;

  static final int LENGTH = 1024;

  private static final int MAGIC = 0xef53;
  private static final int CHECKSUM = 0x3fc;
  private static final int STATE_CLEAN = 1;
  private static final int STATE_ERRORS = 2;
  private static final int FLAG_UNSIGNED_HASH = 2;

  static boolean isMagic(ByteView view) throws CorruptImage {
    return view.u16(0x38) == MAGIC;
  }

  static Superblock parse(ByteView view) throws ImageException {
    if (!isMagic(view)) {
      throw view.corrupt("s_magic", 0x38, Fault.number(view.u16(0x38)), "0xef53");
    }
    if (view.u32(0x4c) > 1) {
      throw view.unsupported("s_rev_level", 0x4c, Fault.number(view.u32(0x4c)), "0 and 1");
    }
    boolean dynamic = view.u32(0x4c) > 0;
    int compat = dynamic ? (int) view.u32(0x5c) : 0;
    int incompat = dynamic ? (int) view.u32(0x60) : 0;
    int roCompat = dynamic ? (int) view.u32(0x64) : 0;
    List<String> unread = Features.unread(incompat);
    if (!unread.isEmpty()) {
      throw view.unsupported(
          "s_feature_incompat",
          0x60,
          "the features " + String.join(", ", unread),
          "features whose structures are known");
    }
    long logBlockSize = view.u32(0x18);
    if (logBlockSize > 6) {
      throw view.corrupt("s_log_block_size", 0x18, Fault.number(logBlockSize), "0 to 6");
    }
    int blockSize = 1024 << logBlockSize;
    boolean wide = (incompat & Features.INCOMPAT_64BIT) != 0;
    boolean bigalloc = (roCompat & Features.RO_COMPAT_BIGALLOC) != 0;
    var superblock =
        new Superblock(
            view.u32(0),
            view.u32(4) | (wide ? view.u32(0x150) << 32 : 0),
            view.u32(0xc) | (wide ? view.u32(0x158) << 32 : 0),
            view.u32(0x10),
            view.u32(8) | (wide ? view.u32(0x154) << 32 : 0),
            view.u32(0x14),
            blockSize,
            bigalloc ? clusterBits(view, logBlockSize) : 0,
            view.u32(0x20),
            bigalloc ? view.u32(0x24) : view.u32(0x20),
            view.u32(0x28),
            view.u16(0x3a),
            dynamic ? view.u32(0x54) : 11,
            dynamic ? view.u16(0x58) : 128,
            view.u16(0x5a),
            compat,
            incompat,
            roCompat,
            view.bytes(0x68, 16),
            view.text(0x78, 16, StandardCharsets.UTF_8),
            view.text(0x88, 64, StandardCharsets.UTF_8),
            view.u32(0xe0),
            view.u32(0xe8),
            hashSeed(view),
            wide ? Math.max(32, view.u16(0xfe)) : 32,
            view.u32(0x104),
            view.u32(0x160),
            view.u64(0x168),
            view.u32(0x194),
            view.u16(0xce),
            new long[] {view.u32(0x24c), view.u32(0x250)},
            view.u32(0x26c),
            view.u32(0x270),
            view.u32(0x280),
            checksumValid(view, roCompat));
    superblock.check(view);
    return superblock;
  }

  private static int clusterBits(ByteView view, long logBlockSize) throws ImageException {
    long bits = view.u32(0x1c) - logBlockSize;
    if (bits < 0 || bits > 16) {
      throw view.corrupt(
          "s_log_cluster_size",
          0x1c,
          Fault.number(view.u32(0x1c)),
          logBlockSize + " to " + (logBlockSize + 16));
    }
    return (int) bits;
  }

  private static int[] hashSeed(ByteView view) throws CorruptImage {
    int[] seed = new int[4];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (int) view.u32(0xec + 4 * i);
    }
    return seed;
  }

  private static boolean checksumValid(ByteView view, int roCompat) throws CorruptImage {
    return (roCompat & Features.RO_COMPAT_METADATA_CSUM) == 0
        || Checksums.plain(view.bytes(0, CHECKSUM)) == (int) view.u32(CHECKSUM);
  }

  /** All that later arithmetic relies on. */
  private void check(ByteView view) throws ImageException {
    int bits = 8 * blockSize;
    require(
        view,
        0x58,
        "s_inode_size",
        inodeSize,
        inodeSize >= 128 && inodeSize <= blockSize && Integer.bitCount(inodeSize) == 1,
        "a power of two from 128 to the block size " + blockSize);
    require(
        view,
        0x20,
        "s_blocks_per_group",
        blocksPerGroup,
        blocksPerGroup >= 8 && blocksPerGroup <= (long) bits << clusterBits,
        "8 to " + ((long) bits << clusterBits));
    require(
        view,
        0x24,
        "s_clusters_per_group",
        clustersPerGroup,
        clustersPerGroup << clusterBits == blocksPerGroup,
        "the blocks of a group, " + blocksPerGroup + ", in clusters");
    require(
        view,
        0x28,
        "s_inodes_per_group",
        inodesPerGroup,
        inodesPerGroup >= 1 && inodesPerGroup <= bits,
        "1 to " + bits);
    require(
        view,
        0x14,
        "s_first_data_block",
        firstDataBlock,
        firstDataBlock == (blockSize == 1024 && clusterBits == 0 ? 1 : 0)
            || (blockSize == 1024 && firstDataBlock == 0),
        "1 with blocks of 1024 bytes, else 0");
    require(
        view,
        4,
        "s_blocks_count",
        blocksCount,
        blocksCount > firstDataBlock && blocksCount <= Long.MAX_VALUE / blockSize,
        "more than s_first_data_block, below 2^63 bytes");
    require(
        view,
        0xfe,
        "s_desc_size",
        descSize,
        descSize >= 32 && descSize <= blockSize && Integer.bitCount(descSize) == 1,
        "a power of two from 32 to the block size");
    require(
        view,
        0,
        "s_inodes_count",
        inodesCount,
        inodesCount >= 1 && inodesCount <= groups() * inodesPerGroup && groups() <= 1L << 32,
        "at most " + inodesPerGroup + " in each of the " + groups() + " groups");
  }

  private static void require(
      ByteView view, int at, String field, long value, boolean holds, String allowed)
      throws CorruptImage {
    if (!holds) {
      throw view.corrupt(field, at, Fault.number(value), allowed);
    }
  }

  /** How many groups there are; the last may be shorter. */
  long groups() {
    return (blocksCount - firstDataBlock + blocksPerGroup - 1) / blocksPerGroup;
  }

  boolean hasMetadataChecksums() {
    return (roCompat & Features.RO_COMPAT_METADATA_CSUM) != 0;
  }

  /** Whether descriptors can say that a group's bitmaps and inodes were never written. */
  boolean hasUninitializedGroups() {
    return (roCompat & (Features.RO_COMPAT_GDT_CSUM | Features.RO_COMPAT_METADATA_CSUM)) != 0;
  }

  boolean hasAttributeInodes() {
    return (incompat & Features.INCOMPAT_EA_INODE) != 0;
  }

  boolean isWide() {
    return (incompat & Features.INCOMPAT_64BIT) != 0;
  }

  boolean hasLargeDirectories() {
    return (incompat & Features.INCOMPAT_LARGE_DIR) != 0;
  }

  boolean needsRecovery() {
    return (incompat & Features.INCOMPAT_RECOVER) != 0;
  }

  boolean isClean() {
    return (state & STATE_CLEAN) != 0;
  }

  boolean hasErrors() {
    return (state & STATE_ERRORS) != 0 || errorCount != 0;
  }

  boolean hashesUnsigned() {
    return (flags & FLAG_UNSIGNED_HASH) != 0;
  }

  String type() {
    return Features.type(compat, incompat, roCompat);
  }

  /** Whether a group holds a copy of the superblock and the descriptors. */
  boolean hasCopy(long group) {
    if (group == 0) {
      return true;
    }
    if ((compat & Features.COMPAT_SPARSE_SUPER2) != 0) {
      return group == backupGroups[0] || group == backupGroups[1];
    }
    return (roCompat & Features.RO_COMPAT_SPARSE_SUPER) == 0
        || group == 1
        || isPowerOf(group, 3)
        || isPowerOf(group, 5)
        || isPowerOf(group, 7);
  }

  private static boolean isPowerOf(long number, long base) {
    long power = base;
    while (power < number) {
      power *= base;
    }
    return power == number;
  }

  /** The first block of a group. */
  long firstBlock(long group) {
    return firstDataBlock + group * blocksPerGroup;
  }

  /** How many blocks a group has. */
  long blocksIn(long group) {
    return Math.min(blocksPerGroup, blocksCount - firstBlock(group));
  }

  /** The UUID as blkid prints it. */
  String uuidText() {
    ByteBuffer bytes = ByteBuffer.wrap(uuid).order(ByteOrder.BIG_ENDIAN);
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }
}
