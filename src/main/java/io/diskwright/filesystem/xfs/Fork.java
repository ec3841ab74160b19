package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;

/**
 * A fork of an inode.
 *
 * @param view the inode
 * @param at where the fork starts in it
 * @param length bytes it has room for
 * @param extents how many extents the inode says it has
 * @param isData whether it is the data fork, and not the attribute fork
 */
record Fork(ByteView view, int at, int length, ForkFormat format, long extents, boolean isData) {

  private static final int ROOT_HEADER = 4;
  private static final int ROOT_ENTRY = 16;

  /** The fork's name in messages. */
  String title() {
    return isData ? "data fork" : "attribute fork";
  }

  /** The extent records that stand in the inode itself. */
  ExtentRecords records(Geometry geometry, boolean mayBeUnwritten) throws CorruptImage {
    if (extents > length / ExtentRecords.SIZE) {
      throw corrupt(
          Fault.number(extents) + " extents",
          "at most " + length / ExtentRecords.SIZE + ", for which there is room");
    }
    return ExtentRecords.parse(view, at, (int) extents, geometry, mayBeUnwritten);
  }

  /** Content that stands in the inode itself. */
  byte[] local(long size) throws CorruptImage {
    if (size > length) {
      throw corrupt("local content of " + Fault.number(size) + " bytes", "at most " + length);
    }
    return view.bytes(at, (int) size);
  }

  /** The height of the tree whose root stands here; leaves are at 0. */
  int rootLevel() throws CorruptImage {
    return view.u16(at);
  }

  int rootCount() throws CorruptImage {
    return view.u16(at + 2);
  }

  /** How many entries the root has room for. */
  int rootCapacity() {
    return (length - ROOT_HEADER) / ROOT_ENTRY;
  }

  long rootKey(int index) throws CorruptImage {
    return view.u64(at + ROOT_HEADER + index * 8);
  }

  long rootPointer(int index) throws CorruptImage {
    return view.u64(at + ROOT_HEADER + rootCapacity() * 8 + index * 8);
  }

  CorruptImage corrupt(String found, String allowed) {
    return view.corrupt(title(), at, found, allowed);
  }
}
