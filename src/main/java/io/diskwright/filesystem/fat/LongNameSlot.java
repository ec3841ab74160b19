package io.diskwright.filesystem.fat;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;

/**
 * A part of a long name: 13 UTF-16 units in the room of a directory entry. The last part comes
 * first.
 *
 * @param order 1 for the part that begins the name
 * @param last whether the name ends in this part
 * @param checksum of the short name that follows
 */
record LongNameSlot(int order, boolean last, int checksum, char[] units) {

  static final int UNITS = 13;

  private static final int LAST = 0x40;
  private static final int[] PLACES = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};

  /**
   * @param at where the slot starts in the view, little-endian
   */
  static LongNameSlot parse(ByteView view, int at) throws CorruptImage {
    int ordinal = view.u8(at);
    char[] units = new char[UNITS];
    for (int i = 0; i < UNITS; i++) {
      units[i] = (char) view.u16(at + PLACES[i]);
    }
    return new LongNameSlot(ordinal & ~LAST, (ordinal & LAST) != 0, view.u8(at + 13), units);
  }
}
