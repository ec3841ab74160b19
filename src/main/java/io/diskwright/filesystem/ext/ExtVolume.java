package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CachedSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The blocks, descriptors and inodes of a filesystem, checked as they are read. */
final class ExtVolume {

  private static final int CACHE_BYTES = 16 << 20;

  private final ByteSource data;
  private final ByteSource metadata;
  private final Superblock superblock;
  private final Checksums checksums;

  /**
   * @param data the volume's bytes, with what the journal holds in place
   */
  ExtVolume(ByteSource data, Superblock superblock) {
    this.data = data;
    this.metadata = new CachedSource(data, new PageCache(CACHE_BYTES));
    this.superblock = superblock;
    this.checksums =
        (superblock.incompat() & Features.INCOMPAT_CSUM_SEED) != 0
            ? Checksums.seeded((int) superblock.checksumSeed())
            : Checksums.seeded(Checksums.plain(superblock.uuid()));
  }

  Superblock superblock() {
    return superblock;
  }

  /** What contents are read from, past the cache. */
  ByteSource data() {
    return data;
  }

  String describe() {
    return data.describe();
  }

  int blockSize() {
    return superblock.blockSize();
  }

  /** How many of the filesystem's blocks the volume has room for. */
  long storableBlocks() {
    return Math.min(superblock.blocksCount(), data.size() / blockSize() + 1);
  }

  /** Checksums that start from the filesystem's own seed. */
  Checksums checksums() {
    return checksums;
  }

  /** Checksums of what belongs to an inode: its directory blocks and extent blocks. */
  Checksums checksums(Inode inode) {
    return checksums.after((int) inode.number(), (int) inode.generation());
  }

  /**
   * The bytes of a block.
   *
   * @throws CorruptImage when the filesystem has no such block
   */
  ByteView block(String structure, long number) throws IOException {
    checkBlocks(structure, Fault.NOWHERE, number, 1);
    return metadata.view(structure, number * blockSize(), blockSize(), ByteOrder.LITTLE_ENDIAN);
  }

  /** Checks that blocks are the filesystem's and hold more than its first one. */
  void checkBlocks(String structure, long offset, long first, long count) throws CorruptImage {
    long end = superblock.blocksCount();
    if (first < 1 || first >= end || count > end - first) {
      throw new CorruptImage(
          describe(),
          structure,
          offset,
          "block " + Fault.number(first) + (count == 1 ? "" : " and the " + (count - 1) + " next"),
          "blocks 1 to " + (end - 1));
    }
  }

  /** Where the descriptor of a group lies, bytes from the start of the volume. */
  private long descriptorOffset(long group) {
    long perBlock = blockSize() / superblock.descSize();
    long index = group / perBlock;
    long within = group % perBlock * superblock.descSize();
    boolean metaBg = (superblock.incompat() & Features.INCOMPAT_META_BG) != 0;
    long block;
    if (metaBg && index >= superblock.firstMetaBg()) {
      long first = index * perBlock;
      long start = superblock.firstBlock(first);
      // With blocks of 1024 bytes and clusters the superblock fills block 1 though the first is 0.
      long skipped = first == 0 && superblock.firstDataBlock() == 0 && blockSize() == 1024 ? 1 : 0;
      block = start + skipped + (superblock.hasCopy(first) ? 1 : 0);
    } else {
      long start = blockSize() == 1024 ? 1 : superblock.firstDataBlock();
      block = start + 1 + index;
    }
    return block * blockSize() + within;
  }

  private static String descriptorName(long group) {
    return "group " + group + " descriptor";
  }

  private ByteView descriptorView(long group) throws IOException {
    return metadata.view(
        descriptorName(group),
        descriptorOffset(group),
        superblock.descSize(),
        ByteOrder.LITTLE_ENDIAN);
  }

  /** A group's descriptor, without its checksum verified. */
  GroupDescriptor descriptor(long group) throws IOException {
    return GroupDescriptor.parse(descriptorView(group));
  }

  /** Verifies a descriptor's checksum. */
  void checkDescriptor(long group) throws IOException {
    ByteView view = descriptorView(group);
    int expected;
    byte[] bytes = view.bytes(0, view.length());
    if (superblock.hasMetadataChecksums()) {
      bytes[GroupDescriptor.CHECKSUM_AT] = 0;
      bytes[GroupDescriptor.CHECKSUM_AT + 1] = 0;
      expected = checksums.of(number((int) group), ByteBuffer.wrap(bytes)) & 0xffff;
    } else if ((superblock.roCompat() & Features.RO_COMPAT_GDT_CSUM) != 0) {
      int crc = Checksums.crc16(0xffff, superblock.uuid(), 0, superblock.uuid().length);
      crc = Checksums.crc16(crc, number((int) group).array(), 0, 4);
      crc = Checksums.crc16(crc, bytes, 0, GroupDescriptor.CHECKSUM_AT);
      expected = Checksums.crc16(crc, bytes, GroupDescriptor.CHECKSUM_AT + 2, bytes.length);
    } else {
      return;
    }
    verify(view, "bg_checksum", GroupDescriptor.CHECKSUM_AT, view.u16(30), expected);
  }

  static ByteBuffer number(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).flip();
  }

  static void verify(ByteView view, String field, int at, int found, int expected)
      throws CorruptImage {
    if (found != expected) {
      throw view.corrupt(
          field, at, String.format("0x%08x", found), String.format("0x%08x", expected));
    }
  }

  /**
   * Reads an inode.
   *
   * @throws CorruptImage when there is none of that number or its checksum is wrong
   */
  Inode inode(long number) throws IOException {
    if (number < 1 || number > superblock.inodesCount()) {
      throw new CorruptImage(
          describe(),
          "inode number",
          Fault.NOWHERE,
          Fault.number(number),
          "1 to " + superblock.inodesCount());
    }
    ByteView view = inodeView(number);
    if (superblock.hasMetadataChecksums()) {
      checkInode(number, view);
    }
    return Inode.parse(number, view, superblock);
  }

  /** An inode's bytes, not verified. */
  ByteView inodeView(long number) throws IOException {
    long group = (number - 1) / superblock.inodesPerGroup();
    long index = (number - 1) % superblock.inodesPerGroup();
    long table = descriptor(group).inodeTable();
    long bytes = superblock.inodesPerGroup() * superblock.inodeSize();
    long blocks = (bytes + blockSize() - 1) / blockSize();
    checkBlocks(descriptorName(group) + " inode table", descriptorOffset(group), table, blocks);
    return metadata.view(
        "inode " + number,
        table * blockSize() + index * superblock.inodeSize(),
        superblock.inodeSize(),
        ByteOrder.LITTLE_ENDIAN);
  }

  private void checkInode(long number, ByteView view) throws CorruptImage {
    byte[] bytes = view.bytes(0, view.length());
    boolean wide = bytes.length > Inode.BASE_SIZE && view.u16(Inode.BASE_SIZE) >= 4;
    int found = view.u16(124) | (wide ? view.u16(130) << 16 : 0);
    bytes[124] = 0;
    bytes[125] = 0;
    if (wide) {
      bytes[130] = 0;
      bytes[131] = 0;
    }
    ByteBuffer all = ByteBuffer.wrap(bytes);
    int expected =
        checksums.after((int) number, (int) view.u32(100)).of(all) & (wide ? ~0 : 0xffff);
    if (found != expected && !view.isZero(0, view.length())) {
      verify(view, "i_checksum", 124, found, expected);
    }
  }
}
