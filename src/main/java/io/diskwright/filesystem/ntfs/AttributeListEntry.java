package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Says in which record a piece of an attribute lies.
 *
 * @param reference the record's number and sequence number
 */
record AttributeListEntry(int type, long lowestVcn, long reference, int id) {

  private static final int LENGTH = 26;

  static List<AttributeListEntry> all(ByteView list) throws CorruptImage {
    List<AttributeListEntry> entries = new ArrayList<>();
    int at = 0;
    while (list.length() - at >= LENGTH) {
      int length = list.u16(at + 4);
      if (length < LENGTH || length > list.length() - at) {
        throw list.corrupt(
            "entry length",
            at + 4,
            Integer.toString(length),
            LENGTH + " to " + (list.length() - at));
      }
      entries.add(
          new AttributeListEntry(
              (int) list.u32(at), list.u64(at + 8), list.u64(at + 16), list.u16(at + 24)));
      at += length;
    }
    return entries;
  }
}
