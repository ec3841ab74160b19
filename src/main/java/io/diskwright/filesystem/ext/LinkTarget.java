package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads where symbolic links lead. */
final class LinkTarget {

  private static final int I_SIZE = 4;
  private static final int I_BLOCK = 40;
  private static final int MAX_LENGTH = 4096;

  private LinkTarget() {}

  /**
   * The bytes of a link that is not encrypted.
   *
   * @throws CorruptImage when it is empty, too long, or holds a NUL
   */
  static byte[] read(ExtVolume volume, Inode inode) throws IOException {
    if (inode.size() <= 0 || inode.size() > MAX_LENGTH) {
      throw inode
          .body()
          .corrupt(
              "i_size", I_SIZE, Fault.number(inode.size()), "1 to " + MAX_LENGTH + " for a link");
    }
    ByteBuffer target = ByteBuffer.allocate((int) inode.size());
    if (inode.isFastLink()) {
      target.put(inode.block(), 0, target.capacity());
    } else {
      ByteSource content =
          inode.has(Inode.FLAG_INLINE_DATA)
              ? InlineContent.of(volume, inode)
              : new ExtContent(volume, inode, BlockMap.of(volume, inode));
      content.read(0, target);
    }
    for (byte b : target.array()) {
      if (b == 0) {
        throw inode
            .body()
            .corrupt(
                "link",
                I_BLOCK,
                "'" + Fault.printable(EntryNames.decode(target.array())) + "'",
                "a path without NUL");
      }
    }
    return target.array();
  }

  /**
   * Checks a link as {@link #read} does, and that nothing follows it in the inode.
   *
   * @throws CorruptImage when not
   */
  static void check(ExtVolume volume, Inode inode) throws IOException {
    byte[] target = read(volume, inode);
    if (inode.isFastLink() && inode.block()[target.length] != 0) {
      throw inode
          .body()
          .corrupt("link", I_BLOCK, "more than " + target.length + " bytes", "as long as i_size");
    }
  }
}
