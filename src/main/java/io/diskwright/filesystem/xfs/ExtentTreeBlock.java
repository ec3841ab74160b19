package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A block of the tree that holds the extents of a fork.
 *
 * @param number its number in the filesystem
 * @param level 0 in leaves
 * @param numrecs how many records or keys it has
 * @param leaf the extents of a leaf
 */
record ExtentTreeBlock(
    long number,
    ByteView view,
    int level,
    int numrecs,
    long leftsib,
    long rightsib,
    int headerSize,
    @Nullable ExtentRecords leaf) {

  /** No sibling. */
  static final long NULL_BLOCK = -1;

  private static final String MAGIC = "BMAP";
  private static final String MAGIC_V5 = "BMA3";
  private static final int HEADER = 24;
  private static final int HEADER_V5 = 72;
  private static final int ENTRY = 16;
  private static final int CRC_AT = 64;

  /** Reads a block that must be of that level. */
  static ExtentTreeBlock read(Metadata metadata, Inode inode, Fork fork, long number, int level)
      throws IOException {
    Geometry geometry = metadata.geometry();
    String structure =
        "inode " + inode.number() + (fork.isData() ? " extent tree" : " attribute extent tree");
    if (!geometry.holds(number, 1)) {
      throw metadata.corrupt(
          structure, "block " + Fault.number(number), "blocks inside the filesystem");
    }
    ByteView view = metadata.block(structure, number, geometry.blockSize(), CRC_AT);
    boolean five = metadata.isV5();
    if (!view.startsWith(0, five ? MAGIC_V5 : MAGIC)) {
      throw view.corrupt("magic", 0, Fault.number(view.u32(0)), five ? MAGIC_V5 : MAGIC);
    }
    if (five) {
      metadata.checkIdentity(view, 24, 40, 56, inode.number());
    }
    int headerSize = five ? HEADER_V5 : HEADER;
    int numrecs = view.u16(6);
    if (view.u16(4) != level) {
      throw view.corrupt("level", 4, "" + view.u16(4), "" + level);
    }
    if (numrecs == 0 || numrecs > (view.length() - headerSize) / ENTRY) {
      throw view.corrupt(
          "numrecs", 6, "" + numrecs, "1 to " + (view.length() - headerSize) / ENTRY);
    }
    ExtentRecords leaf =
        level > 0
            ? null
            : ExtentRecords.parse(
                view, headerSize, numrecs, geometry, inode.mayHaveUnwritten(fork));
    return new ExtentTreeBlock(
        number, view, level, numrecs, view.u64(8), view.u64(16), headerSize, leaf);
  }

  /** The extents of a leaf. */
  ExtentRecords records() {
    return Objects.requireNonNull(leaf);
  }

  /** The file's block from which on a child's extents start. */
  long key(int index) throws CorruptImage {
    return view.u64(headerSize + index * 8);
  }

  long pointer(int index) throws CorruptImage {
    int capacity = (view.length() - headerSize) / ENTRY;
    return view.u64(headerSize + capacity * 8 + index * 8);
  }
}
