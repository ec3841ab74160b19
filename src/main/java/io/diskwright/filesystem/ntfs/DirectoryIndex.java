package io.diskwright.filesystem.ntfs;

import io.diskwright.filesystem.ntfs.IndexNode.IndexEntry;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The index of a directory's names, a B+ tree. */
final class DirectoryIndex {

  private static final String NAME = "$I30";
  private static final int ROOT_HEADER = 16;
  private static final int BLOCK_HEADER = 24;
  private static final int BLOCK_SECTOR = 512;
  private static final int MIN_BLOCK = 512;
  private static final int MAX_BLOCK = 1 << 16;

  /** No index of 2^48 files is deeper. */
  private static final int MAX_DEPTH = 48;

  /** 8 MiB of heap to know those that were read; an index of 256 GiB. */
  private static final int MAX_BLOCKS = 1 << 26;

  private static final int OF_NAMES = 0x30;

  private final NtfsVolume volume;
  private final long number;
  private final IndexNode root;
  private final @Nullable ByteSource blocks;
  private final int blockSize;

  private DirectoryIndex(
      NtfsVolume volume, long number, IndexNode root, @Nullable ByteSource blocks, int blockSize) {
    this.volume = volume;
    this.number = number;
    this.root = root;
    this.blocks = blocks;
    this.blockSize = blockSize;
  }

  static DirectoryIndex of(NtfsVolume volume, NtfsFile file) throws IOException {
    long number = file.record().number();
    List<Attribute> roots = file.pieces(Attribute.INDEX_ROOT, NAME);
    if (roots.isEmpty()) {
      throw new CorruptImage(
          volume.describe(),
          "file record " + number,
          Fault.NOWHERE,
          "no $INDEX_ROOT",
          "a directory's index");
    }
    ByteView value = roots.getFirst().value();
    if (value.u32(0) != OF_NAMES) {
      throw value.corrupt("indexed attribute", 0, Fault.number(value.u32(0)), "0x30, names");
    }
    long blockSize = value.u32(8);
    if (blockSize < MIN_BLOCK || blockSize > MAX_BLOCK || Long.bitCount(blockSize) != 1) {
      throw value.corrupt(
          "index block size", 8, Fault.number(blockSize), "a power of two, 512 to 65536");
    }
    List<Attribute> allocation = file.pieces(Attribute.INDEX_ALLOCATION, NAME);
    ByteSource blocks = allocation.isEmpty() ? null : NtfsStream.open(volume, allocation);
    if (blocks != null && blocks.size() / blockSize > MAX_BLOCKS) {
      throw allocation
          .getFirst()
          .view()
          .tooLarge(
              "data size",
              48,
              Fault.number(blocks.size()),
              "an index of at most " + MAX_BLOCKS + " blocks");
    }
    return new DirectoryIndex(
        volume, number, IndexNode.parse(value, ROOT_HEADER), blocks, (int) blockSize);
  }

  /** The block of a node: nodes are counted in clusters or, when those are larger, in sectors. */
  private int block(long vcn) throws IOException {
    int unit =
        blockSize >= volume.boot().clusterSize() ? volume.boot().clusterSize() : BLOCK_SECTOR;
    long available = blocks == null ? 0 : blocks.size() / blockSize;
    long offset = vcn > Long.MAX_VALUE / unit ? -1 : vcn * unit;
    if (offset < 0 || offset % blockSize != 0 || offset / blockSize >= available) {
      throw new CorruptImage(
          volume.describe(),
          "index of directory " + number,
          Fault.NOWHERE,
          "node " + Fault.number(vcn),
          "nodes of its " + available + " blocks");
    }
    return Math.toIntExact(offset / blockSize);
  }

  private IndexNode node(int block) throws IOException {
    ByteSource source = Objects.requireNonNull(blocks);
    ByteView view =
        FixUp.read(
            source,
            "index block " + block + " of directory " + number,
            "INDX",
            (long) block * blockSize,
            blockSize);
    if (block(view.u64(16)) != block) {
      throw view.corrupt("VCN", 16, Fault.number(view.u64(16)), "that of the block itself");
    }
    return IndexNode.parse(view, BLOCK_HEADER);
  }

  /** All entries with a name. */
  Cursor cursor() {
    return new Cursor();
  }

  /** A node on the way to the next entry. */
  private static final class Step {
    private final List<IndexEntry> entries;
    private int next;
    private boolean belowRead;

    private Step(IndexNode node) {
      this.entries = node.entries();
    }
  }

  /** Goes through the tree in the order of the names; a node reached a second time is refused. */
  final class Cursor {

    private final Deque<Step> open = new ArrayDeque<>();
    private final BitSet read = new BitSet();

    private Cursor() {
      open.push(new Step(root));
    }

    @Nullable IndexEntry next() throws IOException {
      while (!open.isEmpty()) {
        Step step = open.element();
        if (step.next == step.entries.size()) {
          open.pop();
          continue;
        }
        IndexEntry entry = step.entries.get(step.next);
        if (entry.child() != IndexNode.NO_CHILD && !step.belowRead) {
          step.belowRead = true;
          open.push(new Step(child(entry.child())));
          continue;
        }
        step.belowRead = false;
        step.next++;
        if (entry.key().isPresent()) {
          return entry;
        }
      }
      return null;
    }

    private IndexNode child(long vcn) throws IOException {
      int block = block(vcn);
      if (open.size() > MAX_DEPTH) {
        throw tooDeep();
      }
      if (read.get(block)) {
        throw new CorruptImage(
            volume.describe(),
            "index of directory " + number,
            Fault.NOWHERE,
            "node " + vcn + " below two entries",
            "a tree");
      }
      read.set(block);
      return node(block);
    }
  }

  /**
   * Looks up a name: the same one if there is, else one that differs in case.
   *
   * @return the reference of its file
   */
  OptionalLong find(String name) throws IOException {
    UpperCase upperCase = volume.upperCase();
    OptionalLong other = OptionalLong.empty();
    IndexNode node = root;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      long child = IndexNode.NO_CHILD;
      for (IndexEntry entry : node.entries()) {
        Optional<FileName> key = entry.key();
        int order = key.isEmpty() ? -1 : upperCase.compare(name, key.get().name());
        if (order == 0) {
          int exact = name.compareTo(key.get().name());
          if (exact == 0) {
            return OptionalLong.of(entry.reference());
          }
          other = other.isPresent() ? other : OptionalLong.of(entry.reference());
          order = exact;
        }
        if (order < 0) {
          child = entry.child();
          break;
        }
      }
      if (child == IndexNode.NO_CHILD) {
        return other;
      }
      node = node(block(child));
    }
    throw tooDeep();
  }

  private CorruptImage tooDeep() {
    return new CorruptImage(
        volume.describe(),
        "index of directory " + number,
        Fault.NOWHERE,
        "more than " + MAX_DEPTH + " levels",
        "a tree without loops");
  }
}
