package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads all attributes of an inode, and the blocks they lie in. */
final class AttributeCheck {

  private static final int PARENT = 0x08;

  private AttributeCheck() {}

  static void run(Metadata metadata, Inode inode, Fork fork) throws IOException {
    AttributeFork.read(metadata, inode, AttributeCheck::readRemote);
    if (fork.format() == ForkFormat.LOCAL) {
      return;
    }
    ForkBlocks blocks = ForkBlocks.ofAttributes(metadata, inode, fork);
    if (blocks.map().find(0) != null) {
      new HashTreeCheck(blocks, leaf -> hashes(blocks, leaf)).run(0);
    }
  }

  private static void readRemote(List<Attribute> attributes) throws IOException {
    for (Attribute attribute : attributes) {
      ByteSource value = attribute.value();
      if (attribute.isShown() && value instanceof RemoteAttribute) {
        value.read(0, ByteBuffer.allocate((int) value.size()));
      }
    }
  }

  private static long[] hashes(ForkBlocks blocks, IndexBlock block) throws IOException {
    AttributeLeaf leaf = AttributeFork.leaf(blocks, block);
    List<Attribute> attributes = leaf.attributes();
    long[] hashes = new long[attributes.size()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = leaf.hash(i);
      Attribute attribute = attributes.get(i);
      // Pointers to parents are found by more than their names.
      boolean byName = (attribute.flags() & PARENT) == 0;
      if (byName && hashes[i] != NameHash.of(attribute.name())) {
        throw block
            .view()
            .corrupt("hashval", 0, "" + hashes[i], NameHash.of(attribute.name()) + ", of the name");
      }
    }
    return hashes;
  }
}
