package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.util.Arrays;

/** Content that stands in the inode: in {@code i_block}, and in an attribute what does not fit. */
final class InlineContent {

  private static final int I_SIZE = 4;

  private InlineContent() {}

  /** All of it. */
  static ByteSource of(ExtVolume volume, Inode inode) throws IOException {
    byte[] rest =
        inode.size() > Inode.BLOCK_LENGTH
            ? ExtendedAttributes.inlineData(volume, inode)
            : new byte[0];
    int room = Inode.BLOCK_LENGTH + rest.length;
    if (inode.size() < 0 || inode.size() > room) {
      throw inode
          .body()
          .corrupt(
              "i_size",
              I_SIZE,
              Fault.number(inode.size()),
              "at most the " + room + " bytes of inline data");
    }
    byte[] bytes = Arrays.copyOf(inode.block(), (int) inode.size());
    int inRest = (int) inode.size() - Inode.BLOCK_LENGTH;
    if (inRest > 0) {
      System.arraycopy(rest, 0, bytes, Inode.BLOCK_LENGTH, inRest);
    }
    return new MemorySource(volume.describe() + "[inode " + inode.number() + "]", bytes);
  }
}
