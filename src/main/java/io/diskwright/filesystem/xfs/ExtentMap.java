package io.diskwright.filesystem.xfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the blocks of a fork lie. Safe for any thread. */
@FunctionalInterface
interface ExtentMap {

  /**
   * The first extent that ends behind a block of the file; null when there is none. It may start
   * behind that block, which is then in a hole.
   */
  @Nullable Extent find(long fileBlock) throws IOException;

  /**
   * The map of a fork.
   *
   * @throws io.diskwright.io.CorruptImage when the fork holds no extents, or wrong ones
   */
  static ExtentMap of(Metadata metadata, Inode inode, Fork fork) throws IOException {
    return switch (fork.format()) {
      case EXTENTS -> fork.records(metadata.geometry(), inode.mayHaveUnwritten(fork))::find;
      case BTREE -> ExtentTree.open(metadata, inode, fork);
      case DEVICE, LOCAL ->
          throw fork.corrupt("format " + fork.format().title(), "extents or a btree of them");
    };
  }
}
