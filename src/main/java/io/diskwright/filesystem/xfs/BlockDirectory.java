package io.diskwright.filesystem.xfs;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A directory that does not fit into its inode. Its entries lie in the blocks before 32 GiB, an
 * index by hash from there on, and from 64 GiB on what tells where there is room; a directory of
 * one block has its index in it. Safe for any thread.
 */
final class BlockDirectory {

  private static final int LEAVES_LOG = 35;

  private final Metadata metadata;
  private final Inode inode;
  private final ForkBlocks blocks;
  private final boolean single;

  private BlockDirectory(Metadata metadata, Inode inode, ForkBlocks blocks, boolean single) {
    this.metadata = metadata;
    this.inode = inode;
    this.blocks = blocks;
    this.single = single;
  }

  static BlockDirectory open(Metadata metadata, Inode inode) throws IOException {
    ForkBlocks blocks = ForkBlocks.ofDirectory(metadata, inode);
    boolean single =
        inode.size() == blocks.blockSize() && blocks.map().find(1L << blocks.blockLog()) == null;
    return new BlockDirectory(metadata, inode, blocks, single);
  }

  ForkBlocks blocks() {
    return blocks;
  }

  /** Whether it has one block, with the index in it. */
  boolean isSingle() {
    return single;
  }

  /** The block in the file where the index starts. */
  long leaves() {
    return 1L << LEAVES_LOG - metadata.geometry().blockLog();
  }

  DirectoryData data(long fileBlock) throws IOException {
    return DirectoryData.parse(
        metadata, blocks.read(fileBlock, DirectoryData.CRC_AT), inode.number(), single);
  }

  /** The inode of {@code ..}. */
  long parent() throws IOException {
    DirectoryData first = data(0);
    for (int at = first.start(); at < first.end(); at += first.lengthAt(at)) {
      DirectoryEntry entry = first.entryAt(at);
      if (entry != null && entry.isParent()) {
        return entry.inode();
      }
    }
    throw first.view().corrupt("entries", first.start(), "no entry '..'", "one");
  }

  /** The entries, {@code .} and {@code ..} among them. */
  Cursor cursor() {
    return new Cursor();
  }

  /** Goes through the entries in the order of the disk. */
  final class Cursor {

    private @Nullable DirectoryData data;
    private int at;
    private long nextBlock;
    private long left = blocks.mostBlocks();

    /** The next entry; null at the end. */
    @Nullable DirectoryEntry next() throws IOException {
      while (true) {
        while (data != null && at < data.end()) {
          DirectoryEntry entry = data.entryAt(at);
          at += data.lengthAt(at);
          if (entry != null) {
            return entry;
          }
        }
        if (!readNext()) {
          return null;
        }
      }
    }

    /** The place of the last entry as the index names it. */
    long address(DirectoryEntry entry) {
      long start = nextBlock - (1L << blocks.blockLog()) << metadata.geometry().blockLog();
      return (start + entry.at()) / DirectoryData.ALIGNMENT;
    }

    private boolean readNext() throws IOException {
      long block = blocks.next(nextBlock, leaves());
      if (block < 0) {
        return false;
      }
      left -= 1L << blocks.blockLog();
      if (left < 0) {
        throw blocks.endless("directory");
      }
      nextBlock = block + (1L << blocks.blockLog());
      data = data(block);
      at = data.start();
      return true;
    }
  }

  /**
   * Finds a name by its hash.
   *
   * @return null when there is no such entry
   */
  @Nullable DirectoryEntry find(byte[] name) throws IOException {
    boolean folding = metadata.features().isCaseInsensitive();
    var search =
        new Search(
            folding ? NameHash.folded(name) : name,
            name,
            folding,
            folding ? NameHash.ofFolded(name) : NameHash.of(name));
    if (single) {
      search.lookThrough(data(0).index());
      return search.found;
    }
    IndexBlock leaf = blocks.leaf(leaves(), search.hash);
    long left = blocks.mostBlocks();
    while (leaf != null && search.lookThrough(hashes(leaf))) {
      long next = leaf.forw();
      left -= 1L << blocks.blockLog();
      if (left < 0) {
        throw blocks.endless("directory index");
      }
      leaf = next == 0 ? null : blocks.index(next);
    }
    return search.found;
  }

  /** The hashes of a leaf, which leads to entries. */
  HashIndex hashes(IndexBlock leaf) throws CorruptImage {
    if (leaf.type() != IndexBlock.Type.LEAF && leaf.type() != IndexBlock.Type.SINGLE_LEAF) {
      throw leaf.view().corrupt("magic", 8, leaf.type().toString(), "a leaf of a directory");
    }
    return leaf.hashes();
  }

  /** The entry at a place that the index names. */
  DirectoryEntry entry(HashIndex index, int number) throws IOException {
    long offset = index.value(number) * DirectoryData.ALIGNMENT;
    long mask = blocks.blockSize() - 1L;
    long fileBlock = (offset & ~mask) >>> metadata.geometry().blockLog();
    int at = index.at() + number * HashIndex.ENTRY;
    if (fileBlock >= leaves() || single && fileBlock > 0) {
      throw index
          .view()
          .corrupt("address", at, Fault.number(offset), "a place before the directory's index");
    }
    DirectoryEntry entry = data(fileBlock).entryAt((int) (offset & mask));
    if (entry == null) {
      throw index.view().corrupt("address", at, Fault.number(offset), "the place of an entry");
    }
    return entry;
  }

  /** A name that is looked for; of several that differ in case the exact one counts. */
  private final class Search {

    private final byte[] wanted;
    private final byte[] exact;
    private final boolean folding;
    private final long hash;
    private @Nullable DirectoryEntry found;

    Search(byte[] wanted, byte[] exact, boolean folding, long hash) {
      this.wanted = wanted;
      this.exact = exact;
      this.folding = folding;
      this.hash = hash;
    }

    /** Looks at all entries of the hash; whether there may be more in the next leaf. */
    boolean lookThrough(HashIndex index) throws IOException {
      int i = index.find(hash);
      for (; i < index.count() && index.hash(i) == hash; i++) {
        if (index.value(i) == 0) {
          continue;
        }
        DirectoryEntry entry = entry(index, i);
        byte[] name = folding ? NameHash.folded(entry.name()) : entry.name();
        if (Arrays.equals(name, wanted)) {
          boolean same = Arrays.equals(entry.name(), exact);
          found = found == null || same ? entry : found;
          if (same) {
            return false;
          }
        }
      }
      return i == index.count();
    }
  }
}
