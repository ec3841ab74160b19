package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;

/**
 * Bytes that fill whole blocks of a fork: the value of an attribute, or the target of a link. In
 * version 5 each piece has a header.
 *
 * @param magic of the headers
 * @param wholeExtents whether a piece is what lies together, and not just a block
 */
record RemoteBlocks(ForkBlocks blocks, String magic, boolean wholeExtents) {

  private static final int HEADER = 56;
  private static final int CRC_AT = 12;

  /**
   * Reads bytes.
   *
   * @param first the block of the fork where they start
   * @param length bytes; the caller has bounded it
   */
  byte[] read(long first, int length) throws IOException {
    int blockSize = blocks.blockSize();
    int header = blocks.metadata().isV5() ? HEADER : 0;
    long end = first + (length + blockSize - header - 1) / (blockSize - header);
    byte[] bytes = new byte[length];
    int done = 0;
    long block = first;
    while (done < length && block < end) {
      int count = wholeExtents ? blocks.together(block, (int) (end - block)) : 1;
      ByteView view = blocks.read(block, count, CRC_AT);
      int part = Math.min(length - done, view.length() - header);
      if (header > 0) {
        checkHeader(view, done, part);
      }
      System.arraycopy(view.bytes(header, part), 0, bytes, done, part);
      done += part;
      block += count;
    }
    if (done < length) {
      throw blocks
          .metadata()
          .corrupt(blocks.structure(first), done + " bytes", length + ", as the size says");
    }
    return bytes;
  }

  private void checkHeader(ByteView view, int offset, int length) throws IOException {
    if (!view.startsWith(0, magic)) {
      throw view.corrupt("magic", 0, Fault.number(view.u32(0)), magic);
    }
    blocks.metadata().checkIdentity(view, 40, 16, 32, blocks.inode().number());
    if (view.u32(4) != offset) {
      throw view.corrupt("offset", 4, Fault.number(view.u32(4)), Fault.number(offset));
    }
    if (view.u32(8) != length) {
      throw view.corrupt("bytes", 8, Fault.number(view.u32(8)), Fault.number(length));
    }
  }
}
