package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;

/** Compares the index of a directory with the names in its blocks. For one use. */
final class IndexCheck {

  private static final int SIPHASH = 6;
  private static final long END = 1L << 32;

  private final Superblock superblock;
  private final Directory directory;
  private final BitSet seen = new BitSet();
  private int version;

  IndexCheck(ExtVolume volume, Directory directory) {
    this.superblock = volume.superblock();
    this.directory = directory;
  }

  /**
   * Walks the index.
   *
   * @throws ImageException when it contradicts the blocks
   */
  void run() throws IOException {
    ByteView root = block(0);
    version = root.u8(IndexNode.ROOT_INFO + 4);
    if (version > SIPHASH) {
      throw root.corrupt("hash_version", IndexNode.ROOT_INFO + 4, "" + version, "0 to " + SIPHASH);
    }
    int levels = root.u8(IndexNode.ROOT_INFO + 6);
    if (levels >= IndexNode.MAX_LEVELS) {
      throw root.corrupt(
          "indirect_levels",
          IndexNode.ROOT_INFO + 6,
          Integer.toString(levels),
          "less than " + IndexNode.MAX_LEVELS);
    }
    node(root, levels, 0, END);
    for (long block = 0; block < directory.blocks(); block++) {
      if (!seen.get((int) block) && directory.mapped(block).isPresent()) {
        throw root.corrupt("entries", 32, "none for block " + block, "one for each block");
      }
    }
  }

  private ByteView block(long number) throws IOException {
    Optional<ByteView> view = directory.mapped(number);
    if (view.isEmpty() || number > Integer.MAX_VALUE || seen.get((int) number)) {
      throw directory.corrupt(
          "index",
          "block " + number + (view.isEmpty() ? ", which is not there" : " for a second time"),
          "each block once");
    }
    seen.set((int) number);
    return view.get();
  }

  /**
   * @param low the least hash below the node
   * @param high the hash where the next node starts; odd when that one goes on with the same hash
   */
  private void node(ByteView view, int levels, long low, long high) throws IOException {
    IndexNode node =
        IndexNode.of(view)
            .orElseThrow(() -> directory.corrupt("index", "other records", "a node of the index"));
    int room = (view.length() - node.entriesAt()) / 8 - (superblock.hasMetadataChecksums() ? 1 : 0);
    if (node.limit() != room) {
      throw view.corrupt("limit", node.entriesAt(), "" + node.limit(), "" + room);
    }
    for (int i = 0; i < node.count(); i++) {
      long from = i == 0 ? low : node.hash(view, i);
      long to = i + 1 < node.count() ? node.hash(view, i + 1) : high;
      if (from < low || from > to || to > high) {
        throw view.corrupt(
            "entry " + i + " hash", node.entriesAt() + 8 * i, "" + from, low + " to " + high);
      }
      ByteView child = block(node.block(view, i));
      if (levels > 0) {
        node(child, levels - 1, from, to);
      } else {
        leaf(child, from, to);
      }
    }
  }

  private void leaf(ByteView view, long low, long high) throws IOException {
    DirectoryEntry.Rules rules = directory.rules();
    for (int at = 0; view.length() - at >= DirectoryEntry.HEADER; at += rules.length(view, at)) {
      if (view.u32(at) == 0) {
        continue;
      }
      OptionalLong hash =
          NameHash.of(
              rules.parse(view, at).name(),
              version,
              superblock.hashesUnsigned(),
              superblock.hashSeed());
      boolean misplaced =
          hash.isPresent()
              && (hash.getAsLong() < (low & ~1)
                  || hash.getAsLong() > (high & ~1)
                  || (hash.getAsLong() == high && (high & 1) == 0));
      if (misplaced) {
        throw view.corrupt(
            "name",
            at + DirectoryEntry.HEADER,
            "the hash " + hash.getAsLong(),
            low + " to " + high);
      }
    }
  }
}
