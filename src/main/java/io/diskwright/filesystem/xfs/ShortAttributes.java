package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.MemorySource;
import java.util.ArrayList;
import java.util.List;

/** Attributes that fit into the inode. */
final class ShortAttributes {

  private static final int HEADER = 4;
  private static final int ENTRY_HEADER = 3;

  private ShortAttributes() {}

  static List<Attribute> parse(Fork fork, String describe) throws CorruptImage {
    ByteView view = fork.view();
    int total = view.u16(fork.at());
    if (total < HEADER || total > fork.length()) {
      throw view.corrupt(
          "attributes' totsize", fork.at(), "" + total, HEADER + " to " + fork.length());
    }
    int end = fork.at() + total;
    int count = view.u8(fork.at() + 2);
    List<Attribute> attributes = new ArrayList<>();
    int at = fork.at() + HEADER;
    for (int i = 0; i < count; i++) {
      if (end - at < ENTRY_HEADER) {
        throw outside(view, at, i);
      }
      int nameLength = view.u8(at);
      int valueLength = view.u8(at + 1);
      if (nameLength == 0 || nameLength + valueLength > end - at - ENTRY_HEADER) {
        throw outside(view, at, i);
      }
      int nameAt = at + ENTRY_HEADER;
      attributes.add(
          new Attribute(
              view.bytes(nameAt, nameLength),
              view.u8(at + 2),
              new MemorySource(describe, view.bytes(nameAt + nameLength, valueLength))));
      at = nameAt + nameLength + valueLength;
    }
    return attributes;
  }

  private static CorruptImage outside(ByteView view, int at, int number) {
    return view.corrupt(
        "attribute " + number, at, "an attribute past the end", "inside the attribute fork");
  }
}
