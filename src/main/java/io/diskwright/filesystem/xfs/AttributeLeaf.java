package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.MemorySource;
import java.util.ArrayList;
import java.util.List;

/**
 * A leaf of attributes: entries sorted by hash, which lead to names and values in the same block;
 * values too large for that lie in blocks of their own.
 */
record AttributeLeaf(ForkBlocks blocks, IndexBlock block) {

  private static final int ENTRY = 8;
  private static final int LOCAL = 0x01;

  /** Room before the entries, after what all blocks of an index have. */
  private static final int REST_OF_HEADER = 20;

  private static final int REST_OF_HEADER_V5 = 24;

  private int entriesAt() {
    return block.headerSize() + (block.five() ? REST_OF_HEADER_V5 : REST_OF_HEADER);
  }

  int count() throws CorruptImage {
    int count = block.view().u16(block.headerSize());
    int most = (block.view().length() - entriesAt()) / ENTRY;
    if (count > most) {
      throw block.view().corrupt("count", block.headerSize(), "" + count, "at most " + most);
    }
    return count;
  }

  long hash(int index) throws CorruptImage {
    return block.view().u32(entriesAt() + index * ENTRY);
  }

  List<Attribute> attributes() throws CorruptImage {
    int count = count();
    List<Attribute> attributes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      attributes.add(attribute(i));
    }
    return attributes;
  }

  private Attribute attribute(int index) throws CorruptImage {
    ByteView view = block.view();
    int entry = entriesAt() + index * ENTRY;
    int at = view.u16(entry + 4);
    int flags = view.u8(entry + 6);
    if (at < entriesAt() + count() * ENTRY) {
      throw view.corrupt("nameidx", entry + 4, "" + at, "a place behind the entries");
    }
    if ((flags & LOCAL) != 0) {
      int valueLength = view.u16(at);
      byte[] name = name(view, at + 2, at + 3);
      byte[] value = view.bytes(at + 3 + name.length, valueLength);
      return new Attribute(name, flags, new MemorySource(blocks.metadata().describe(), value));
    }
    byte[] name = name(view, at + 8, at + 9);
    long length = view.u32(at + 4);
    if (length > RemoteAttribute.MAX_LENGTH) {
      throw view.corrupt("valuelen", at + 4, "" + length, "at most " + RemoteAttribute.MAX_LENGTH);
    }
    return new Attribute(name, flags, new RemoteAttribute(blocks, view.u32(at), (int) length));
  }

  private static byte[] name(ByteView view, int lengthAt, int at) throws CorruptImage {
    int length = view.u8(lengthAt);
    if (length == 0) {
      throw view.corrupt("namelen", lengthAt, "0", "1 to 255");
    }
    return view.bytes(at, length);
  }
}
