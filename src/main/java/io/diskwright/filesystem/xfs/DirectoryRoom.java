package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;

/**
 * Checks what a directory of more than one block says of the room in its blocks: at the end of its
 * index when that is one block, else in blocks of their own from 64 GiB on.
 */
record DirectoryRoom(Metadata metadata, Inode inode, BlockDirectory directory) {

  private static final int ROOM_LOG = 36;
  private static final String MAGIC = "XD2F";
  private static final String MAGIC_V5 = "XDF3";
  private static final int HEADER = 16;
  private static final int HEADER_V5 = 64;
  private static final int NO_BLOCK = 0xffff;

  void check() throws IOException {
    ForkBlocks blocks = directory.blocks();
    IndexBlock first = blocks.index(directory.leaves());
    if (first.type() == IndexBlock.Type.SINGLE_LEAF) {
      ByteView view = first.view();
      int tail = view.length() - Integer.BYTES;
      long count = view.u32(tail);
      if (count > tail / Short.BYTES) {
        throw view.corrupt("bestcount", tail, Fault.number(count), "inside the block");
      }
      compare(view, tail - (int) count * Short.BYTES, count, 0);
      return;
    }
    long start = 1L << ROOM_LOG - metadata.geometry().blockLog();
    long number = blocks.next(start, Long.MAX_VALUE);
    for (long left = blocks.mostBlocks(); number >= 0 && left > 0; left--) {
      block(number, number - start >> blocks.blockLog());
      number = blocks.next(number + (1L << blocks.blockLog()), Long.MAX_VALUE);
    }
  }

  private void block(long fileBlock, long index) throws IOException {
    ByteView view = directory.blocks().read(fileBlock, DirectoryData.CRC_AT);
    boolean five = metadata.isV5();
    if (!view.startsWith(0, five ? MAGIC_V5 : MAGIC)) {
      throw view.corrupt("magic", 0, Fault.number(view.u32(0)), five ? MAGIC_V5 : MAGIC);
    }
    if (five) {
      metadata.checkIdentity(view, 8, 24, 40, inode.number());
    }
    int header = five ? HEADER_V5 : HEADER;
    int fields = five ? 48 : 4;
    long capacity = (view.length() - header) / Short.BYTES;
    long first = view.u32(fields);
    long count = view.u32(fields + 4);
    if (count > capacity || first != index * capacity) {
      throw view.corrupt(
          "firstdb", fields, first + ", " + count + " blocks", index * capacity + ", in order");
    }
    compare(view, header, count, first);
  }

  private void compare(ByteView view, int at, long count, long first) throws IOException {
    ForkBlocks blocks = directory.blocks();
    for (int i = 0; i < count; i++) {
      long fileBlock = first + i << blocks.blockLog();
      int said = view.u16(at + i * Short.BYTES);
      boolean hole = blocks.next(fileBlock, fileBlock + 1) < 0;
      int actual = hole ? NO_BLOCK : directory.data(fileBlock).largestRoom();
      if (said != actual) {
        throw view.corrupt("bests", at + i * Short.BYTES, "" + said, "" + actual);
      }
    }
  }
}
