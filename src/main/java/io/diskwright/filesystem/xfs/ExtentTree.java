package io.diskwright.filesystem.xfs;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The extents of a fork that has more than its inode has room for. Blocks are read as they are
 * needed; one of each level is kept, so that reading in order reads each block once.
 */
final class ExtentTree implements ExtentMap {

  /** More levels would hold more blocks than there can be numbers for. */
  static final int MAX_LEVEL = 16;

  private final Metadata metadata;
  private final Inode inode;
  private final Fork fork;
  private final int rootLevel;
  private final int rootCount;
  private final AtomicReferenceArray<@Nullable ExtentTreeBlock> path;

  private ExtentTree(Metadata metadata, Inode inode, Fork fork, int rootLevel, int rootCount) {
    this.metadata = metadata;
    this.inode = inode;
    this.fork = fork;
    this.rootLevel = rootLevel;
    this.rootCount = rootCount;
    this.path = new AtomicReferenceArray<>(rootLevel);
  }

  static ExtentTree open(Metadata metadata, Inode inode, Fork fork) throws CorruptImage {
    int level = fork.rootLevel();
    int count = fork.rootCount();
    if (level == 0 || level > MAX_LEVEL || count == 0 || count > fork.rootCapacity()) {
      throw fork.corrupt(
          "a tree's root of level " + level + " with " + count + " entries",
          "levels 1 to " + MAX_LEVEL + ", 1 to " + fork.rootCapacity() + " entries");
    }
    return new ExtentTree(metadata, inode, fork, level, count);
  }

  @Override
  public @Nullable Extent find(long fileBlock) throws IOException {
    ExtentTreeBlock block = load(fork.rootPointer(rootChild(fileBlock)), rootLevel - 1);
    while (block.level() > 0) {
      block = load(block.pointer(child(block, fileBlock)), block.level() - 1);
    }
    Extent found = block.records().find(fileBlock);
    if (found != null || block.rightsib() == ExtentTreeBlock.NULL_BLOCK) {
      return found;
    }
    Extent last = block.records().get(block.numrecs() - 1);
    Extent next = load(block.rightsib(), 0).records().get(0);
    if (next.offset() < last.end() || next.end() <= fileBlock) {
      throw block
          .view()
          .corrupt(
              "rightsib",
              16,
              Fault.number(block.rightsib())
                  + ", whose extents start at file block "
                  + next.offset(),
              "extents after file block " + Math.max(last.end(), fileBlock));
    }
    return next;
  }

  private int rootChild(long fileBlock) throws CorruptImage {
    int low = 0;
    int high = rootCount - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (fork.rootKey(middle) <= fileBlock) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static int child(ExtentTreeBlock block, long fileBlock) throws CorruptImage {
    int low = 0;
    int high = block.numrecs() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (block.key(middle) <= fileBlock) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private ExtentTreeBlock load(long number, int level) throws IOException {
    ExtentTreeBlock known = path.get(level);
    if (known != null && known.number() == number) {
      return known;
    }
    ExtentTreeBlock block = ExtentTreeBlock.read(metadata, inode, fork, number, level);
    path.set(level, block);
    return block;
  }
}
