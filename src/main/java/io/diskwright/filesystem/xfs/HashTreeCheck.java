package io.diskwright.filesystem.xfs;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;

/** Goes through all blocks of an index by hash. For one use. */
final class HashTreeCheck {

  private final ForkBlocks blocks;
  private final Leaves leaves;
  private final long[] previous = new long[ForkBlocks.MAX_LEVEL + 1];
  private final long[] expected = new long[ForkBlocks.MAX_LEVEL + 1];
  private long left;
  private long lastHash;

  /** Receives the leaves in order, and tells the hashes of each. */
  @FunctionalInterface
  interface Leaves {
    /** The hashes of a leaf, which the check holds to be in order. */
    long[] hashes(IndexBlock leaf) throws IOException;
  }

  HashTreeCheck(ForkBlocks blocks, Leaves leaves) {
    this.blocks = blocks;
    this.leaves = leaves;
    this.left = blocks.mostBlocks();
  }

  void run(long root) throws IOException {
    IndexBlock block = blocks.index(root);
    int level = level(block);
    for (int i = 0; i <= Math.min(level, ForkBlocks.MAX_LEVEL); i++) {
      expected[i] = -1;
    }
    visit(root, level);
    for (int i = 0; i <= level; i++) {
      if (expected[i] != 0) {
        throw blocks.endless("index");
      }
    }
  }

  private static int level(IndexBlock block) throws CorruptImage {
    int level = block.type() == IndexBlock.Type.NODE ? block.level() : 0;
    if (level > ForkBlocks.MAX_LEVEL || (level == 0) == (block.type() == IndexBlock.Type.NODE)) {
      throw block
          .view()
          .corrupt("level", block.headerSize() + 2, "" + level, "1 to " + ForkBlocks.MAX_LEVEL);
    }
    return level;
  }

  private void visit(long number, int level) throws IOException {
    left--;
    if (left < 0) {
      throw blocks.endless("index");
    }
    IndexBlock block = blocks.index(number);
    if (level(block) != level) {
      throw block.view().corrupt("level", block.headerSize(), "" + level(block), "" + level);
    }
    if (block.back() != previous[level]) {
      throw block
          .view()
          .corrupt("back", 4, Fault.number(block.back()), Fault.number(previous[level]));
    }
    if (expected[level] >= 0 && expected[level] != number) {
      throw block.view().corrupt("place", 0, "block " + number, "block " + expected[level]);
    }
    previous[level] = number;
    expected[level] = block.forw();
    if (level == 0) {
      for (long hash : leaves.hashes(block)) {
        follow(block, hash);
      }
      return;
    }
    HashIndex hashes = block.hashes();
    for (int i = 0; i < hashes.count(); i++) {
      visit(hashes.value(i), level - 1);
      if (hashes.hash(i) != lastHash) {
        throw block
            .view()
            .corrupt("hashval", hashes.at(), Fault.number(hashes.hash(i)), Fault.number(lastHash));
      }
    }
  }

  private void follow(IndexBlock block, long hash) throws CorruptImage {
    if (hash < lastHash) {
      throw block
          .view()
          .corrupt("hashval", 0, Fault.number(hash), Fault.number(lastHash) + " or above");
    }
    lastHash = hash;
  }
}
