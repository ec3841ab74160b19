package io.diskwright.format.vhdx;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;

/**
 * Where the payload and sector bitmap blocks lie. Every entry is judged once when the image is
 * opened, so that no conversion ends half-way at an entry that could have been refused at the
 * start. Safe for any thread.
 */
final class BlockAllocationTable {

  /** Bytes of a sector bitmap block. */
  static final long BITMAP_SIZE = 1 << 20;

  /** Sectors that one sector bitmap block describes. */
  static final long SECTORS_PER_BITMAP = BITMAP_SIZE * Byte.SIZE;

  private static final String NAME = "BAT entry";
  private static final long RESERVED = 0xF_FFF8;
  private static final long OFFSET = -1L << 20;
  private static final int BITMAP_NOT_PRESENT = 0;
  private static final int BITMAP_PRESENT = 6;

  /** The largest disk, 64 TiB, with all its bitmaps, and as much again lying idle. */
  private static final long MAX_FILE = 1L << 47;

  private final ByteSource source;
  private final Metadata metadata;
  private final List<Region> taken;
  private final EntryTable entries;
  private final long chunkRatio;

  private BlockAllocationTable(
      ByteSource source,
      Metadata metadata,
      List<Region> taken,
      EntryTable entries,
      long chunkRatio) {
    this.source = source;
    this.metadata = metadata;
    this.taken = taken;
    this.entries = entries;
    this.chunkRatio = chunkRatio;
  }

  /**
   * Finds the table; its entries are judged by {@link #check}.
   *
   * @throws CorruptImage when it is too short for the disk
   * @throws LimitExceeded when the file is longer than any honest one
   */
  static BlockAllocationTable open(
      ByteSource source, Regions regions, Metadata metadata, PageCache cache) throws IOException {
    if (source.size() > MAX_FILE) {
      throw new LimitExceeded(
          source.describe(),
          "file",
          Fault.NOWHERE,
          Fault.number(source.size()) + " bytes",
          "up to " + Fault.number(MAX_FILE));
    }
    long chunkRatio =
        SECTORS_PER_BITMAP * metadata.logicalSectorSize() / metadata.parameters().blockSize();
    long needed = entryCount(metadata, chunkRatio);
    Region region = regions.bat();
    if (region.length() / Long.BYTES < needed) {
      throw new CorruptImage(
          source.describe(),
          region.name() + " Length",
          region.offset(),
          Fault.number(region.length()) + " bytes",
          "at least " + Fault.number(needed) + " entries of 8 bytes for the disk");
    }
    var entries =
        new EntryTable(
            cache, source, NAME, region.offset(), needed, Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    return new BlockAllocationTable(source, metadata, regions.taken(), entries, chunkRatio);
  }

  /** Every chunk of payload blocks is followed by its bitmap; the last one only if it is used. */
  private static long entryCount(Metadata metadata, long chunkRatio) {
    long blocks = blocks(metadata);
    return metadata.parameters().hasParent()
        ? Math.ceilDiv(blocks, chunkRatio) * (chunkRatio + 1)
        : blocks + (blocks - 1) / chunkRatio;
  }

  private static long blocks(Metadata metadata) {
    return Math.ceilDiv(metadata.virtualDiskSize(), metadata.parameters().blockSize());
  }

  /** How many payload blocks the disk has. */
  long blocks() {
    return blocks(metadata);
  }

  /**
   * What a payload block is.
   *
   * @param block from 0 to below {@link #blocks}
   */
  PayloadState state(long block) throws IOException {
    return state(block, entry(block));
  }

  /** Where a payload block that is stored starts, in bytes. */
  long offset(long block) throws IOException {
    return entry(block) & OFFSET;
  }

  /** Where the bitmap of a payload block that is partially present starts, in bytes. */
  long bitmapOffset(long block) throws IOException {
    return entries.get(bitmapIndex(block / chunkRatio)) & OFFSET;
  }

  private long entry(long block) throws IOException {
    return entries.get(payloadIndex(block));
  }

  private long payloadIndex(long block) {
    return block + block / chunkRatio;
  }

  private long bitmapIndex(long chunk) {
    return (chunk + 1) * (chunkRatio + 1) - 1;
  }

  private PayloadState state(long block, long entry) throws CorruptImage {
    return PayloadState.of(entry)
        .orElseThrow(
            () -> refused(payloadIndex(block), "state " + (entry & 7), "states 0, 1, 2, 3, 6, 7"));
  }

  /**
   * Checks every entry.
   *
   * @throws CorruptImage when one makes no sense, or two blocks overlap
   */
  BlockCounts check() throws IOException {
    boolean hasParent = metadata.parameters().hasParent();
    long blockSize = metadata.parameters().blockSize();
    var used = new BitSet();
    long stored = 0;
    long draft = 0;
    for (long block = 0; block < blocks(); block++) {
      long index = payloadIndex(block);
      long entry = entries.get(index);
      if (entry == 0) {
        continue;
      }
      PayloadState state = state(block, entry);
      checkReserved(index, entry);
      if (state == PayloadState.PARTIALLY_PRESENT) {
        checkPartial(block, index, hasParent);
      }
      if (state.stored()) {
        long length = Math.min(blockSize, metadata.virtualDiskSize() - block * blockSize);
        take(index, entry & OFFSET, length, used);
        stored++;
      } else if (state == PayloadState.UNMAPPED_0_95) {
        draft++;
      }
    }
    if (hasParent) {
      checkBitmaps(used);
    }
    return new BlockCounts(blocks(), stored, draft);
  }

  /**
   * How the blocks are.
   *
   * @param all payload blocks of the disk
   * @param stored those that the file holds
   * @param draft those with a state that only drafts of the specification know
   */
  record BlockCounts(long all, long stored, long draft) {}

  private void checkPartial(long block, long index, boolean hasParent) throws IOException {
    if (!hasParent) {
      throw refused(index, "state 7, partially present, without a parent", "states 0, 1, 2, 3, 6");
    }
    long bitmap = bitmapIndex(block / chunkRatio);
    if ((entries.get(bitmap) & 7) != BITMAP_PRESENT) {
      throw refused(
          index,
          "state 7, partially present, and no sector bitmap in entry " + bitmap,
          "a sector bitmap of state 6");
    }
  }

  private void checkBitmaps(BitSet used) throws IOException {
    for (long index = chunkRatio; index < entries.count(); index += chunkRatio + 1) {
      long entry = entries.get(index);
      int state = (int) (entry & 7);
      checkReserved(index, entry);
      if (state == BITMAP_PRESENT) {
        take(index, entry & OFFSET, BITMAP_SIZE, used);
      } else if (state != BITMAP_NOT_PRESENT) {
        throw refused(index, "sector bitmap state " + state, "states 0, 6");
      }
    }
  }

  private void checkReserved(long index, long entry) throws CorruptImage {
    if ((entry & RESERVED) != 0) {
      throw refused(index, "reserved bits set in " + Fault.number(entry), "bits 3 to 19 clear");
    }
  }

  /** Checks where a block lies and that nothing else lies there. */
  private void take(long index, long offset, long length, BitSet used) throws CorruptImage {
    String found = "FileOffsetMB " + Fault.number(offset >>> 20);
    if (offset < 0 || offset > source.size() || length > source.size() - offset) {
      throw refused(
          index,
          found + " for " + Fault.number(length) + " bytes",
          "blocks inside the file's " + Fault.number(source.size()) + " bytes");
    }
    for (Region region : taken) {
      if (region.overlaps(offset, length)) {
        throw refused(
            index, found + ", in the " + region.name(), "blocks beside the image's own structures");
      }
    }
    int from = (int) (offset / Region.ALIGNMENT);
    int to = (int) Math.ceilDiv(offset + length, Region.ALIGNMENT);
    int taken = used.nextSetBit(from);
    if (taken >= 0 && taken < to) {
      throw refused(
          index, found + ", where another entry's block lies", "blocks that do not overlap");
    }
    used.set(from, to);
  }

  private CorruptImage refused(long index, String found, String allowed) {
    return new CorruptImage(
        source.describe(), NAME + " " + index, entries.entryOffset(index), found, allowed);
  }
}
