package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The blocks of a journal (jbd2), a file of the filesystem: a superblock, a ring of transactions
 * and, where there are fast commits, a room for those.
 */
record Journal(ExtVolume volume, BlockMap map, JournalSuperblock superblock, Checksums checksums) {

  /**
   * The journal of a filesystem.
   *
   * @throws UnsupportedFeature when it lies on another device
   */
  static Journal of(ExtVolume volume) throws IOException {
    Superblock owner = volume.superblock();
    if ((owner.compat() & Features.COMPAT_HAS_JOURNAL) == 0) {
      throw new CorruptImage(
          volume.describe(),
          "superblock s_feature_incompat",
          Superblock.OFFSET + 0x60,
          "needs_recovery without has_journal",
          "a journal where one is needed");
    }
    if (owner.journalInum() == 0) {
      throw new UnsupportedFeature(
          volume.describe(),
          "superblock s_journal_inum",
          Superblock.OFFSET + 0xe0,
          "a journal on another device, which needs recovery",
          "a journal in the filesystem",
          "Start the guest once, or run e2fsck in it");
    }
    Inode inode = volume.inode(owner.journalInum());
    BlockMap map = BlockMap.of(volume, inode);
    JournalSuperblock superblock =
        JournalSuperblock.parse(
            read(volume, map, 0), volume.blockSize(), inode.size() / volume.blockSize());
    return new Journal(
        volume, map, superblock, Checksums.seeded(Checksums.plain(superblock.uuid())));
  }

  /** Reads one of the journal's blocks. */
  ByteView read(long block) throws IOException {
    return read(volume, map, block);
  }

  private static ByteView read(ExtVolume volume, BlockMap map, long block) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(volume.blockSize());
    long offset = place(volume, map, block) * volume.blockSize();
    volume.data().read(offset, bytes);
    return new ByteView(
        bytes.flip(), ByteOrder.BIG_ENDIAN, volume.describe(), "journal block " + block, offset);
  }

  /** The filesystem's block that one of the journal's is. */
  long place(long block) throws IOException {
    return place(volume, map, block);
  }

  private static long place(ExtVolume volume, BlockMap map, long block) throws IOException {
    BlockRun run = map.at(block);
    if (!run.isStored()) {
      throw new CorruptImage(
          volume.describe(),
          "journal block " + block,
          Fault.NOWHERE,
          "a hole",
          "a block of the volume");
    }
    return run.physical();
  }

  /** The block that follows one in the ring. */
  long next(long block) {
    return block + 1 >= superblock.last() ? superblock.first() : block + 1;
  }

  /** The block so many blocks behind one in the ring. */
  long after(long block, int count) {
    long ring = superblock.last() - superblock.first();
    return superblock.first() + (block - superblock.first() + count) % ring;
  }
}
