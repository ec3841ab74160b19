package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import org.jspecify.annotations.Nullable;

/**
 * A block of a directory that holds entries: of a directory of one block, with the index at the
 * block's end, or of a larger one.
 *
 * @param start where the first entry lies in the block
 * @param end where entries end
 * @param indexCount entries of the index behind them
 */
record DirectoryData(Metadata metadata, ByteView view, int start, int end, int indexCount) {

  static final int CRC_AT = 4;

  /** Where an entry lies is counted in these units. */
  static final int ALIGNMENT = 8;

  /** Bytes of an entry of the index: hash and place. */
  static final int INDEX_ENTRY = 8;

  private static final String BLOCK = "XD2B";
  private static final String BLOCK_V5 = "XDB3";
  private static final String DATA = "XD2D";
  private static final String DATA_V5 = "XDD3";
  private static final int HEADER = 16;
  private static final int HEADER_V5 = 64;
  private static final int FREE_TAG = 0xffff;
  private static final int TAIL = 8;

  /**
   * Takes a block whose checksum is right.
   *
   * @param single whether it is all the directory has
   */
  static DirectoryData parse(Metadata metadata, ByteView view, long inode, boolean single)
      throws CorruptImage {
    boolean five = metadata.isV5();
    String magic = single ? (five ? BLOCK_V5 : BLOCK) : (five ? DATA_V5 : DATA);
    if (!view.startsWith(0, magic)) {
      throw view.corrupt("magic", 0, Fault.number(view.u32(0)), magic);
    }
    if (five) {
      metadata.checkIdentity(view, 8, 24, 40, inode);
    }
    int start = five ? HEADER_V5 : HEADER;
    if (!single) {
      return new DirectoryData(metadata, view, start, view.length(), 0);
    }
    int tail = view.length() - TAIL;
    long count = view.u32(tail);
    if (count > (tail - start) / INDEX_ENTRY) {
      throw view.corrupt(
          "leaf count", tail, Fault.number(count), "at most " + (tail - start) / INDEX_ENTRY);
    }
    int end = tail - (int) count * INDEX_ENTRY;
    return new DirectoryData(metadata, view, start, end, (int) count);
  }

  /** The index at the end of the block of a directory that has only this one. */
  HashIndex index() {
    return new HashIndex(view, end, indexCount);
  }

  /** The length of what lies at a place: an entry, or room without one. */
  int lengthAt(int at) throws CorruptImage {
    int length = isFree(at) ? freeLength(at) : entryLength(at);
    if (view.u16(at + length - 2) != at) {
      throw view.corrupt(
          "tag", at + length - 2, "" + view.u16(at + length - 2), at + ", the entry's own place");
    }
    return length;
  }

  private boolean isFree(int at) throws CorruptImage {
    return view.u16(at) == FREE_TAG;
  }

  private int freeLength(int at) throws CorruptImage {
    int length = view.u16(at + 2);
    if (length == 0 || length % ALIGNMENT != 0 || length > end - at) {
      throw view.corrupt("free length", at + 2, "" + length, "a multiple of 8 up to " + (end - at));
    }
    return length;
  }

  private int entryLength(int at) throws CorruptImage {
    int length = view.u8(at + 8);
    int type = metadata.features().hasFileType() ? 1 : 0;
    int whole = 9 + length + type + 2 + ALIGNMENT - 1 & -ALIGNMENT;
    if (length == 0 || whole > end - at) {
      throw view.corrupt("namelen", at + 8, "" + length, "1 to 255, inside the block");
    }
    return whole;
  }

  /** The longest room without an entry, as the block's header has it; 0 when it is full. */
  int largestRoom() throws CorruptImage {
    int field = (metadata.isV5() ? HEADER_V5 - 16 : 4) + 2;
    int largest = 0;
    for (int at = start; at < end; at += lengthAt(at)) {
      largest = isFree(at) ? Math.max(largest, freeLength(at)) : largest;
    }
    if (view.u16(field) != largest) {
      throw view.corrupt("bestfree", field, "" + view.u16(field), "" + largest);
    }
    return largest;
  }

  /** The entry at a place; null where there is room without one. */
  @Nullable DirectoryEntry entryAt(int at) throws CorruptImage {
    if (at < start || at > end - ALIGNMENT) {
      throw view.corrupt("entry", at, "an entry at " + at, start + " to " + (end - ALIGNMENT));
    }
    lengthAt(at);
    if (isFree(at)) {
      return null;
    }
    int length = view.u8(at + 8);
    int typeAt = metadata.features().hasFileType() ? at + 9 + length : -1;
    return DirectoryEntry.of(metadata.geometry(), view, at, view.u64(at), at + 9, length, typeAt);
  }
}
