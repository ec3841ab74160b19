package io.diskwright.filesystem.fat;

import java.util.Optional;

/**
 * Puts long names together from their slots. Slots out of order, of different checksums, or without
 * a short entry that they belong to, are ignored as Linux ignores them; how many there were is
 * counted.
 */
final class LongNameAssembler {

  private static final int MAX_SLOTS = 20;

  private static final int MAX_LENGTH = 255;

  private final char[] name = new char[MAX_SLOTS * LongNameSlot.UNITS];
  private int slots;
  private int missing;
  private int checksum;
  private long orphans;

  /** Takes the next slot. */
  void add(LongNameSlot slot) {
    boolean continues =
        slots > 0 && !slot.last() && slot.order() == missing && slot.checksum() == checksum;
    if (!continues) {
      drop();
      if (!slot.last() || slot.order() < 1 || slot.order() > MAX_SLOTS) {
        orphans++;
        return;
      }
      slots = slot.order();
      missing = slots;
      checksum = slot.checksum();
    }
    missing--;
    System.arraycopy(slot.units(), 0, name, missing * LongNameSlot.UNITS, LongNameSlot.UNITS);
  }

  /** Forgets the slots taken, since no entry follows that they could belong to. */
  void drop() {
    orphans += slots - missing;
    slots = 0;
    missing = 0;
  }

  /** The name in the slots taken, if it is this entry's. */
  Optional<String> take(ShortEntry entry) {
    int length = 0;
    int units = slots * LongNameSlot.UNITS;
    while (length < units && name[length] != 0) {
      length++;
    }
    if (slots == 0
        || missing > 0
        || checksum != entry.checksum()
        || length == 0
        || length > MAX_LENGTH) {
      drop();
      return Optional.empty();
    }
    slots = 0;
    return Optional.of(new String(name, 0, length));
  }

  /** The slots that belonged to nothing. */
  long orphans() {
    return orphans;
  }
}
