package io.diskwright.format.vhd;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.PageCache;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Where the blocks of a dynamic or differencing image lie. Every entry is judged once when the
 * image is opened, so that no conversion ends half-way at an entry that could have been refused at
 * the start.
 */
final class BlockAllocationTable {

  /** What {@link #dataOffset} gives for a block that is not stored. */
  static final long ABSENT = -1;

  private static final String NAME = "block allocation table";
  private static final long UNUSED = 0xFFFF_FFFFL;
  private static final int SECTOR = 512;
  private static final int INDEX_BITS = 22;

  /**
   * The largest disk a VHD can be, 2,040 GiB, in the smallest blocks its makers use, 512 KiB, has
   * fewer.
   */
  private static final long MAX_BLOCKS = 1L << INDEX_BITS;

  private final ByteSource source;
  private final EntryTable entries;
  private final long size;
  private final long blockSize;
  private final long bitmapSize;
  private final long dataEnd;
  private final List<Region> taken;

  private BlockAllocationTable(
      ByteSource source, VhdFooters footers, VhdDynamicHeader header, EntryTable entries) {
    this.source = source;
    this.entries = entries;
    size = footers.footer().currentSize();
    blockSize = header.blockSize();
    bitmapSize = Math.ceilDiv(blockSize, SECTOR * Byte.SIZE * (long) SECTOR) * SECTOR;
    dataEnd = footers.dataEnd();
    taken =
        List.of(
            new Region("footer copy", 0, VhdFooter.SIZE),
            new Region("dynamic header", footers.footer().dataOffset(), VhdDynamicHeader.SIZE),
            new Region(NAME, header.tableOffset(), header.maxTableEntries() * Integer.BYTES));
  }

  /**
   * Checks the table of an image whose sizes are already checked.
   *
   * @throws CorruptImage when the table or a block lies where it cannot, or two blocks overlap
   */
  static BlockAllocationTable open(
      ByteSource source, VhdFooters footers, VhdDynamicHeader header, PageCache cache)
      throws IOException {
    var entries =
        new EntryTable(
            cache,
            source,
            NAME,
            header.tableOffset(),
            header.maxTableEntries(),
            Integer.BYTES,
            ByteOrder.BIG_ENDIAN);
    var table = new BlockAllocationTable(source, footers, header, entries);
    table.checkOwnPlace();
    table.checkBlocks();
    return table;
  }

  /**
   * Where a block's data starts, after its sector bitmap, in bytes; {@link #ABSENT} when it is not
   * stored. The bitmap says nothing here: in a dynamic image a stored block is whole, and in a
   * differencing one it is for {@link SectorBitmaps} to say which sectors are.
   *
   * @param index from 0 to below the disk's size divided by the block size, rounded up
   */
  long dataOffset(long index) throws IOException {
    long sector = entries.get(index);
    if (sector == UNUSED) {
      return ABSENT;
    }
    long start = sector * SECTOR;
    long length = storedLength(index);
    if (start > dataEnd || length > dataEnd - start) {
      throw refused(
          index,
          sector,
          "which ends past " + Fault.number(dataEnd),
          "blocks of " + Fault.number(length) + " bytes before that");
    }
    for (Region region : taken) {
      if (region.overlaps(start, length)) {
        throw refused(
            index, sector, "in the " + region.name, "blocks beside the image's own structures");
      }
    }
    return start + bitmapSize;
  }

  /** Bytes of the bitmap before each block's data. */
  long bitmapSize() {
    return bitmapSize;
  }

  /** Bytes of a block that must be in the file; beyond the disk's end none need be. */
  private long storedLength(long index) {
    return bitmapSize + Math.min(blockSize, size - index * blockSize);
  }

  private void checkOwnPlace() throws CorruptImage {
    Region own = taken.getLast();
    for (Region other : taken.subList(0, taken.size() - 1)) {
      if (other.overlaps(own.start, own.length)) {
        throw new CorruptImage(
            source.describe(),
            NAME,
            own.start,
            "its start, in the " + other.name,
            "a place of its own");
      }
    }
    if (own.length > dataEnd - own.start) {
      throw new CorruptImage(
          source.describe(),
          NAME,
          own.start,
          Fault.number(own.length) + " bytes, into the footer",
          "an end at or before " + Fault.number(dataEnd));
    }
  }

  private void checkBlocks() throws IOException {
    long blocks = Math.ceilDiv(size, blockSize);
    if (blocks > MAX_BLOCKS) {
      throw new LimitExceeded(
          source.describe(),
          NAME,
          entries.entryOffset(0),
          Fault.number(blocks) + " blocks",
          "up to " + Fault.number(MAX_BLOCKS));
    }
    // A sector number and the block it is of in one number, so that sorting finds the neighbours.
    long[] stored = new long[(int) blocks];
    int count = 0;
    for (int i = 0; i < blocks; i++) {
      if (dataOffset(i) != ABSENT) {
        stored[count++] = entries.get(i) << INDEX_BITS | i;
      }
    }
    Arrays.sort(stored, 0, count);
    for (int i = 1; i < count; i++) {
      checkApart(stored[i - 1], stored[i]);
    }
  }

  private void checkApart(long first, long second) throws CorruptImage {
    long firstIndex = first & (MAX_BLOCKS - 1);
    long secondIndex = second & (MAX_BLOCKS - 1);
    long between = ((second >>> INDEX_BITS) - (first >>> INDEX_BITS)) * SECTOR;
    if (between < storedLength(firstIndex)) {
      throw refused(
          secondIndex,
          second >>> INDEX_BITS,
          "in the block of entry " + firstIndex,
          "blocks that do not overlap");
    }
  }

  private CorruptImage refused(long index, long sector, String what, String allowed) {
    return new CorruptImage(
        source.describe(),
        NAME + " entry " + index,
        entries.entryOffset(index),
        "sector " + Fault.number(sector) + ", " + what,
        allowed);
  }

  /** Bytes of the file that are already something else. */
  private record Region(String name, long start, long length) {
    boolean overlaps(long otherStart, long otherLength) {
      return otherStart < start + length && start < otherStart + otherLength;
    }
  }
}
