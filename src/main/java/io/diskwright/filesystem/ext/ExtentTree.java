package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;

/**
 * A file's extent tree, looked up one way from the root to a leaf. Each node's depth is one less
 * than its parent's and its blocks lie within what the parent says, so that no tree is endless.
 */
final class ExtentTree implements BlockMap {

  private static final int MAGIC = 0xf30a;
  private static final int MAX_DEPTH = 5;
  private static final int HEADER = 12;
  private static final int ENTRY = 12;

  /** Longer extents are allocated but not written; bit 15 says so, and 32768 itself is a length. */
  private static final int MAX_WRITTEN = 32768;

  private final ExtVolume volume;
  private final Inode inode;
  private final Node root;
  private final Checksums checksums;

  /** The leaf looked at last, which the next lookup mostly needs again. */
  private volatile Node last;

  ExtentTree(ExtVolume volume, Inode inode) throws IOException {
    this.volume = volume;
    this.inode = inode;
    this.checksums = volume.checksums(inode);
    ByteView view =
        new ByteView(
            ByteBuffer.wrap(inode.block()),
            ByteOrder.LITTLE_ENDIAN,
            volume.describe(),
            "inode " + inode.number() + " extent tree",
            inode.offset() + 40);
    this.root = node(view, -1, 0, MAX_BLOCKS);
    this.last = root;
  }

  /**
   * @param from the first block the node may speak of
   * @param to the first block it may not speak of
   */
  private record Node(ByteView view, int entries, int depth, long from, long to) {

    long block(int entry) throws CorruptImage {
      return view.u32(HEADER + ENTRY * entry);
    }

    /** The last entry that starts at or before a block, -1 when all start behind it. */
    int find(long block) throws CorruptImage {
      int low = 0;
      int high = entries - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        if (block(middle) <= block) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return high;
    }

    /** Where the blocks of an entry must end. */
    long end(int entry) throws CorruptImage {
      return entry + 1 < entries ? block(entry + 1) : to;
    }

    int length(int entry) throws CorruptImage {
      int stored = view.u16(HEADER + ENTRY * entry + 4);
      return stored > MAX_WRITTEN ? stored - MAX_WRITTEN : stored;
    }

    boolean written(int entry) throws CorruptImage {
      return view.u16(HEADER + ENTRY * entry + 4) <= MAX_WRITTEN;
    }

    long physical(int entry) throws CorruptImage {
      int at = HEADER + ENTRY * entry;
      return view.u32(at + 8) | (long) view.u16(at + 6) << 32;
    }

    long child(int entry) throws CorruptImage {
      int at = HEADER + ENTRY * entry;
      return view.u32(at + 4) | (long) view.u16(at + 8) << 32;
    }
  }

  /**
   * Checks a node.
   *
   * @param depth what its parent demands, -1 for the root
   */
  private Node node(ByteView view, int depth, long from, long to) throws IOException {
    int entries = view.u16(2);
    int max = view.u16(4);
    int room = (view.length() - HEADER) / ENTRY;
    if (view.u16(0) != MAGIC) {
      throw view.corrupt("eh_magic", 0, Fault.number(view.u16(0)), "0xf30a");
    }
    if (max > room) {
      throw view.corrupt("eh_max", 4, Integer.toString(max), "at most " + room);
    }
    if (entries > max || (view.u16(6) > 0 && entries == 0)) {
      throw view.corrupt(
          "eh_entries",
          2,
          Integer.toString(entries),
          (view.u16(6) > 0 ? 1 : 0) + " to eh_max " + max);
    }
    if (depth < 0 ? view.u16(6) > MAX_DEPTH : view.u16(6) != depth) {
      throw view.corrupt(
          "eh_depth",
          6,
          Integer.toString(view.u16(6)),
          depth < 0 ? "0 to " + MAX_DEPTH : Integer.toString(depth));
    }
    var node = new Node(view, entries, view.u16(6), from, to);
    checkOrder(node);
    return node;
  }

  private void checkOrder(Node node) throws IOException {
    long least = node.from;
    for (int i = 0; i < node.entries; i++) {
      int at = HEADER + ENTRY * i;
      long block = node.block(i);
      if (block < least || block >= node.to) {
        throw node.view.corrupt(
            "entry " + i + " ee_block", at, Fault.number(block), least + " to " + (node.to - 1));
      }
      if (node.depth > 0) {
        least = block + 1;
        continue;
      }
      int length = node.length(i);
      if (length == 0 || length > node.to - block) {
        throw node.view.corrupt(
            "entry " + i + " ee_len",
            at + 4,
            Integer.toString(length),
            "1 to " + (node.to - block));
      }
      volume.checkBlocks(
          "inode " + inode.number() + " extent " + i,
          node.view.offset() + at,
          node.physical(i),
          length);
      least = block + length;
    }
  }

  private Node child(Node parent, int entry) throws IOException {
    ByteView view = volume.block("inode " + inode.number() + " extent block", parent.child(entry));
    Node child = node(view, parent.depth - 1, parent.block(entry), parent.end(entry));
    int tail = HEADER + ENTRY * view.u16(4);
    if (volume.superblock().hasMetadataChecksums() && tail + 4 <= view.length()) {
      int expected = checksums.of(ByteBuffer.wrap(view.bytes(0, tail)));
      ExtVolume.verify(view, "et_checksum", tail, (int) view.u32(tail), expected);
    }
    return child;
  }

  @Override
  public long mostBlocks() {
    return MAX_BLOCKS;
  }

  @Override
  public BlockRun at(long block) throws IOException {
    Node leaf = last;
    Node node = leaf.depth == 0 && block >= leaf.from && block < leaf.to ? leaf : root;
    while (true) {
      int entry = node.find(block);
      if (entry < 0) {
        return BlockRun.hole(block, (node.entries > 0 ? node.block(0) : node.to) - block);
      }
      if (node.depth > 0) {
        node = child(node, entry);
        continue;
      }
      last = node;
      long start = node.block(entry);
      long length = node.length(entry);
      return block < start + length
          ? new BlockRun(start, length, node.physical(entry), node.written(entry)).from(block)
          : BlockRun.hole(block, node.end(entry) - block);
    }
  }

  @Override
  public void ownBlocks(LongConsumer block) throws IOException {
    ownBlocks(root, block);
  }

  private void ownBlocks(Node node, LongConsumer block) throws IOException {
    for (int i = 0; node.depth > 0 && i < node.entries; i++) {
      block.accept(node.child(i));
      if (node.depth > 1) {
        ownBlocks(child(node, i), block);
      }
    }
  }
}
