package io.diskwright.format.vdi;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * Where the blocks of an image lie. Every entry is judged once when the image is opened, so that no
 * conversion ends half-way at an entry that could have been refused at the start.
 */
final class BlockMap {

  /** What {@link #dataOffset} gives for a block that was never written. */
  static final long FREE = -1;

  /** What {@link #dataOffset} gives for a block that is zero. */
  static final long ZERO = -2;

  private static final String NAME = "block map";
  private static final long FREE_ENTRY = 0xFFFF_FFFFL;
  private static final long ZERO_ENTRY = 0xFFFF_FFFEL;

  private final ByteSource source;
  private final VdiHeader header;
  private final EntryTable entries;

  private BlockMap(ByteSource source, VdiHeader header, EntryTable entries) {
    this.source = source;
    this.header = header;
    this.entries = entries;
  }

  /**
   * Checks the map of an image.
   *
   * @throws CorruptImage when it or a block is not in the file, or a block is used twice
   */
  static BlockMap open(ByteSource source, VdiHeader header, PageCache cache) throws IOException {
    var entries =
        new EntryTable(
            cache,
            source,
            NAME,
            header.offBlocks(),
            header.cBlocks(),
            Integer.BYTES,
            ByteOrder.LITTLE_ENDIAN);
    var map = new BlockMap(source, header, entries);
    map.checkBlocks();
    return map;
  }

  /**
   * Where a block's data starts, in bytes, or {@link #FREE} or {@link #ZERO}. All of the block must
   * be in the file, even what lies beyond the disk's end: writers always store it, and that the
   * highest block ends with the file is what a wrong block size would break.
   *
   * @param index from 0 to below the disk's size divided by the block size, rounded up
   */
  long dataOffset(long index) throws IOException {
    long entry = entries.get(index);
    if (entry == FREE_ENTRY) {
      return FREE;
    } else if (entry == ZERO_ENTRY) {
      return ZERO;
    }
    // Neither product can overflow: an entry has 32 bits, a block with its extra bytes 30.
    long start =
        header.offData()
            + entry * (header.cbBlockExtra() + header.cbBlock())
            + header.cbBlockExtra();
    if (entry >= VdiHeader.MAX_BLOCKS
        || start > source.size()
        || header.cbBlock() > source.size() - start) {
      throw refused(
          index,
          entry,
          "at " + Fault.number(start) + ", which is not in the file",
          "blocks in the file's " + Fault.number(source.size()) + " bytes");
    }
    return start;
  }

  private void checkBlocks() throws IOException {
    long blocks = Math.ceilDiv(header.cbDisk(), header.cbBlock());
    var used = new BitSet();
    for (long i = 0; i < blocks; i++) {
      if (dataOffset(i) >= 0) {
        int block = (int) entries.get(i);
        if (used.get(block)) {
          throw refused(i, block, "which another entry has too", "each block once");
        }
        used.set(block);
      }
    }
  }

  private CorruptImage refused(long index, long entry, String what, String allowed) {
    return new CorruptImage(
        source.describe(),
        NAME + " entry " + index,
        entries.entryOffset(index),
        "block " + Fault.number(entry) + ", " + what,
        allowed);
  }
}
