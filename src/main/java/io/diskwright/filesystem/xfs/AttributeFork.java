package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The extended attributes of an inode. */
final class AttributeFork {

  /** Names and small values in memory; the kernel lists no more than 64 KiB of names. */
  private static final int MAX_BYTES = 16 << 20;

  private AttributeFork() {}

  /** Receives attributes, a leaf's or an inode's at once. */
  @FunctionalInterface
  interface Sink {
    void accept(List<Attribute> attributes) throws IOException;
  }

  /** The attributes as a mount shows them, by name. */
  static Map<String, ByteSource> shown(Metadata metadata, Inode inode) throws IOException {
    Map<String, ByteSource> shown = new TreeMap<>();
    long[] left = {MAX_BYTES};
    read(
        metadata,
        inode,
        attributes -> {
          for (Attribute attribute : attributes) {
            left[0] -= attribute.bytesInMemory();
            if (left[0] < 0) {
              throw new LimitExceeded(
                  metadata.describe(),
                  "inode " + inode.number() + " attributes",
                  inode.view().offset(),
                  "more than " + MAX_BYTES + " bytes",
                  "at most that");
            }
            add(shown, attribute);
          }
        });
    return shown;
  }

  private static void add(Map<String, ByteSource> shown, Attribute attribute) throws IOException {
    if (!attribute.isShown()) {
      return;
    }
    String name = attribute.fullName();
    shown.put(name, attribute.value());
    Optional<String> list = AccessList.shownName(name);
    if (list.isPresent()) {
      shown.put(list.get(), AccessList.shown(attribute.value()));
    }
  }

  /** Reads all attributes. */
  static void read(Metadata metadata, Inode inode, Sink sink) throws IOException {
    Optional<Fork> fork = inode.attributes();
    if (fork.isEmpty()) {
      return;
    }
    if (fork.get().format() == ForkFormat.LOCAL) {
      sink.accept(ShortAttributes.parse(fork.get(), metadata.describe()));
      return;
    }
    ForkBlocks blocks = ForkBlocks.ofAttributes(metadata, inode, fork.get());
    if (blocks.map().find(0) == null) {
      return;
    }
    IndexBlock block = blocks.leaf(0, 0);
    long left = blocks.mostBlocks();
    while (block != null) {
      left--;
      if (left < 0) {
        throw blocks.endless("attribute index");
      }
      sink.accept(leaf(blocks, block).attributes());
      block = next(blocks, block);
    }
  }

  private static @Nullable IndexBlock next(ForkBlocks blocks, IndexBlock block) throws IOException {
    return block.forw() == 0 ? null : blocks.index(block.forw());
  }

  /** A block as a leaf of attributes. */
  static AttributeLeaf leaf(ForkBlocks blocks, IndexBlock block) throws CorruptImage {
    if (block.type() != IndexBlock.Type.ATTRIBUTE_LEAF) {
      throw block.view().corrupt("magic", 8, block.type().toString(), "a leaf of attributes");
    }
    return new AttributeLeaf(blocks, block);
  }
}
