package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;

/**
 * The header that blocks of an index by hash have in common, in directories and attribute forks.
 *
 * @param forw the next block of the same level, 0 at the end
 * @param back the one before
 */
record IndexBlock(ByteView view, long forw, long back, Type type, boolean five) {

  static final int CRC_AT = 12;

  private static final int HEADER = 12;
  private static final int HEADER_V5 = 56;

  /** Kinds of blocks, by their magic numbers in version 4 and 5. */
  enum Type {
    /** The index of a directory whose index is one block. */
    SINGLE_LEAF(0xd2f1, 0x3df1),
    /** A leaf of the index of a larger directory. */
    LEAF(0xd2ff, 0x3dff),
    /** What leads to leaves or to further nodes. */
    NODE(0xfebe, 0x3ebe),
    /** A leaf that holds attributes. */
    ATTRIBUTE_LEAF(0xfbee, 0x3bee);

    private final int magic;
    private final int magicV5;

    Type(int magic, int magicV5) {
      this.magic = magic;
      this.magicV5 = magicV5;
    }
  }

  /** Takes a block whose checksum is right. */
  static IndexBlock parse(Metadata metadata, ByteView view, long inode) throws CorruptImage {
    boolean five = metadata.isV5();
    int magic = view.u16(8);
    for (Type type : Type.values()) {
      if (magic == (five ? type.magicV5 : type.magic)) {
        if (five) {
          metadata.checkIdentity(view, 16, 32, 48, inode);
        }
        return new IndexBlock(view, view.u32(0), view.u32(4), type, five);
      }
    }
    throw view.corrupt("magic", 8, Fault.number(magic), "that of a node or a leaf");
  }

  /** Where the part that depends on the kind starts. */
  int headerSize() {
    return five ? HEADER_V5 : HEADER;
  }

  /** The height of a node above the leaves. */
  int level() throws CorruptImage {
    return view.u16(headerSize() + 2);
  }

  /** The hashes of a node, or of a leaf of a directory. */
  HashIndex hashes() throws CorruptImage {
    int count = view.u16(headerSize());
    int at = headerSize() + (five ? 8 : 4);
    if (count > (view.length() - at) / HashIndex.ENTRY) {
      throw view.corrupt(
          "count",
          headerSize(),
          Fault.number(count),
          "at most " + (view.length() - at) / HashIndex.ENTRY);
    }
    return new HashIndex(view, at, count);
  }
}
