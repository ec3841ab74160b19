package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * A record of the master file table, its fix-ups applied.
 *
 * @param baseReference the record that this one extends, 0 for a base record
 */
record FileRecord(
    long number,
    int sequence,
    int links,
    int flags,
    long baseReference,
    List<Attribute> attributes) {

  /** The 48 bits of a reference that hold a record's number. */
  static final long NUMBER_MASK = 0xffffffffffffL;

  private static final int IN_USE = 1;
  private static final int DIRECTORY = 2;
  private static final int END = 0xffffffff;
  private static final int MIN_ATTRIBUTE = 16;

  static FileRecord parse(long number, ByteView view) throws CorruptImage {
    List<Attribute> attributes = new ArrayList<>();
    long used = view.u32(24);
    if (used > view.length()) {
      throw view.corrupt("bytes in use", 24, Fault.number(used), "at most " + view.length());
    }
    int at = view.u16(20);
    while (at <= used - 4 && (int) view.u32(at) != END) {
      long length = at <= used - MIN_ATTRIBUTE ? view.u32(at + 4) : 0;
      if (length < MIN_ATTRIBUTE || length % 8 != 0 || length > used - at) {
        throw view.corrupt(
            "attribute length",
            at + 4,
            Fault.number(length),
            "multiples of 8 up to " + (used - at));
      }
      attributes.add(Attribute.parse(view, number, at, (int) length));
      at += (int) length;
    }
    return new FileRecord(
        number, view.u16(16), view.u16(18), view.u16(22), view.u64(32), List.copyOf(attributes));
  }

  boolean isInUse() {
    return (flags & IN_USE) != 0;
  }

  boolean isDirectory() {
    return (flags & DIRECTORY) != 0;
  }

  boolean isBase() {
    // An extension of $MFT itself, record 0, has its sequence number here.
    return baseReference == 0;
  }
}
