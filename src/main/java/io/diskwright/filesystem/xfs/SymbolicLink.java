package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.io.Fault;
import java.io.IOException;

/** The target of a symbolic link. */
final class SymbolicLink {

  private static final String MAGIC = "XSLM";
  private static final int MAX_LENGTH = 1024;

  private SymbolicLink() {}

  static String target(Metadata metadata, Inode inode) throws IOException {
    long size = inode.size();
    if (size == 0 || size > MAX_LENGTH) {
      throw inode
          .view()
          .corrupt("size", 56, Fault.number(size), "1 to " + MAX_LENGTH + " for a symbolic link");
    }
    byte[] target = bytes(metadata, inode, (int) size);
    for (byte b : target) {
      if (b == 0) {
        throw inode.view().corrupt("target", inode.data().at(), "a NUL in it", "a path");
      }
    }
    return EntryNames.decode(target);
  }

  private static byte[] bytes(Metadata metadata, Inode inode, int size) throws IOException {
    Fork fork = inode.data();
    if (fork.format() == ForkFormat.LOCAL) {
      return fork.local(size);
    }
    var blocks =
        new ForkBlocks(
            metadata, inode, ExtentMap.of(metadata, inode, fork), "symbolic link block ", 0);
    return new RemoteBlocks(blocks, MAGIC, true).read(0, size);
  }
}
