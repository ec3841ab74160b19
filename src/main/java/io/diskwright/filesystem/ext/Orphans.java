package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The inodes that a mount would remove or shorten, since they were unlinked while open or were
 * being truncated: a list through the inodes, and a file full of numbers.
 *
 * @param inodes their numbers, as keys
 * @param damage why not all could be found
 */
record Orphans(LongTable inodes, Optional<ImageException> damage) {

  private static final long MAGIC = 0x0b10ca04L;

  /** Magic and checksum at the end of a block of the file. */
  private static final int TAIL = 8;

  /** Reads both. */
  static Orphans of(ExtVolume volume) throws IOException {
    var found = new LongTable();
    try {
      list(volume, found);
      if ((volume.superblock().roCompat() & Features.RO_COMPAT_ORPHAN_PRESENT) != 0) {
        file(volume, found);
      }
      return new Orphans(found, Optional.empty());
    } catch (ImageException e) {
      return new Orphans(found, Optional.of(e));
    }
  }

  boolean contains(long inode) {
    return inodes.get(inode, 0) != 0;
  }

  private static void list(ExtVolume volume, LongTable found) throws IOException {
    long number = volume.superblock().lastOrphan();
    while (number != 0) {
      Inode inode = volume.inode(number);
      if (found.get(number, 0) != 0) {
        throw inode.body().corrupt("i_dtime", 20, "a list that loops", "the next orphan, or 0");
      }
      if (!found.put(number, 1)) {
        throw inode.body().tooLarge("i_dtime", 20, "more orphans", "at most " + LongTable.MOST);
      }
      // The time of deletion holds the next one's number.
      number = inode.deletionTime();
    }
  }

  private static void file(ExtVolume volume, LongTable found) throws IOException {
    Inode inode = volume.inode(volume.superblock().orphanFileInum());
    BlockMap map = BlockMap.of(volume, inode);
    long blocks = Math.min(inode.size() / volume.blockSize(), volume.storableBlocks());
    for (long block = 0; block < blocks; block++) {
      BlockRun run = map.at(block);
      if (run.isStored()) {
        block(volume, inode, run.physical(), block, found);
      }
    }
  }

  private static void block(
      ExtVolume volume, Inode inode, long physical, long number, LongTable found)
      throws IOException {
    ByteView view = volume.block("orphan file block " + number, physical);
    int end = view.length() - TAIL;
    if (view.u32(end) != MAGIC) {
      throw view.corrupt("ob_magic", end, Long.toHexString(view.u32(end)), "b10ca04");
    }
    if (volume.superblock().hasMetadataChecksums()) {
      Checksums seed = volume.checksums(inode).after((int) physical, (int) (physical >>> 32));
      int expected = seed.of(ByteBuffer.wrap(view.bytes(0, end)));
      ExtVolume.verify(view, "ob_checksum", end + 4, (int) view.u32(end + 4), expected);
    }
    for (int at = 0; at < end; at += 4) {
      if (view.u32(at) != 0 && !found.put(view.u32(at), 1)) {
        throw view.tooLarge("entries", at, "more orphans", "at most " + LongTable.MOST);
      }
    }
  }
}
