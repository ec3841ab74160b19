package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;

/**
 * Bytes that fill whole blocks of a fork: the value of an attribute, or the target of a link. In
 * version 5 each block has a header.
 */
final class RemoteBlocks {

  private static final int HEADER = 56;
  private static final int CRC_AT = 12;

  private RemoteBlocks() {}

  /**
   * Reads bytes.
   *
   * @param magic of the headers
   * @param first the block of the fork where they start
   * @param length bytes; the caller has bounded it
   */
  static byte[] read(ForkBlocks blocks, String magic, long first, int length) throws IOException {
    Metadata metadata = blocks.metadata();
    boolean five = metadata.isV5();
    byte[] bytes = new byte[length];
    int done = 0;
    for (long block = first; done < length; block++) {
      ByteView view = blocks.read(block, CRC_AT);
      int header = five ? HEADER : 0;
      int part = Math.min(length - done, view.length() - header);
      if (five) {
        checkHeader(blocks, view, magic, done, part);
      }
      System.arraycopy(view.bytes(header, part), 0, bytes, done, part);
      done += part;
    }
    return bytes;
  }

  private static void checkHeader(
      ForkBlocks blocks, ByteView view, String magic, int offset, int length) throws IOException {
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
