package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.FileKind;
import io.diskwright.io.Fault;
import java.io.IOException;

/** Goes through the extents of a fork and notes where they lie. For one use. */
final class ForkCheck {

  private final Metadata metadata;
  private final SpaceMap space;
  private final Inode inode;
  private final Fork fork;
  private final String title;
  private final boolean content;
  private final long[] previous = new long[ExtentTree.MAX_LEVEL];
  private final long[] expected = new long[ExtentTree.MAX_LEVEL];
  private long end;
  private long extents;
  private long blocks;

  ForkCheck(Metadata metadata, SpaceMap space, Inode inode, Fork fork) {
    this.metadata = metadata;
    this.space = space;
    this.inode = inode;
    this.fork = fork;
    this.title = "inode " + inode.number() + " " + fork.title();
    this.content = fork.isData() && inode.kind() == FileKind.REGULAR;
  }

  /** Checks the fork; how many blocks it takes. */
  long run() throws IOException {
    switch (fork.format()) {
      case DEVICE, LOCAL -> {}
      case EXTENTS -> extents(fork.records(metadata.geometry(), inode.mayHaveUnwritten(fork)), -1);
      case BTREE -> tree();
    }
    if (fork.format() != ForkFormat.DEVICE
        && fork.format() != ForkFormat.LOCAL
        && extents != fork.extents()) {
      throw fork.corrupt(
          Fault.number(fork.extents()) + " extents", Fault.number(extents) + ", as many as it has");
    }
    return blocks;
  }

  private void tree() throws IOException {
    ExtentTree.open(metadata, inode, fork);
    int level = fork.rootLevel();
    for (int i = 0; i < level; i++) {
      previous[i] = ExtentTreeBlock.NULL_BLOCK;
      expected[i] = -2;
    }
    for (int i = 0; i < fork.rootCount(); i++) {
      visit(fork.rootPointer(i), level - 1, fork.rootKey(i));
    }
    for (int i = 0; i < level; i++) {
      if (expected[i] != ExtentTreeBlock.NULL_BLOCK) {
        throw fork.corrupt("a tree whose level " + i + " goes on", "no further block");
      }
    }
  }

  private void visit(long number, int level, long key) throws IOException {
    if (blocks >= metadata.geometry().blocks()) {
      throw fork.corrupt("a tree without end", "blocks that are there");
    }
    ExtentTreeBlock block = ExtentTreeBlock.read(metadata, inode, fork, number, level);
    blocks++;
    space.use(number, 1, title);
    boolean linked =
        block.leftsib() == previous[level] && (expected[level] == -2 || expected[level] == number);
    if (!linked) {
      throw block
          .view()
          .corrupt("leftsib", 8, Fault.number(block.leftsib()), Fault.number(previous[level]));
    }
    previous[level] = number;
    expected[level] = block.rightsib();
    if (level == 0) {
      extents(block.records(), key);
      return;
    }
    if (block.key(0) != key) {
      throw block.view().corrupt("key", block.headerSize(), "" + block.key(0), "" + key);
    }
    for (int i = 0; i < block.numrecs(); i++) {
      visit(block.pointer(i), level - 1, block.key(i));
    }
  }

  private void extents(ExtentRecords records, long key) throws IOException {
    for (int i = 0; i < records.count(); i++) {
      Extent extent = records.get(i);
      if (extent.offset() < end || i == 0 && key >= 0 && extent.offset() != key) {
        throw fork.corrupt(
            "an extent at file block " + extent.offset(),
            key >= 0 && i == 0 ? "at " + key + ", the key of its leaf" : "at " + end + " or above");
      }
      end = extent.end();
      extents++;
      blocks += extent.count();
      if (content) {
        space.useForContent(extent.block(), extent.count(), title);
      } else {
        space.use(extent.block(), extent.count(), title);
      }
    }
  }
}
