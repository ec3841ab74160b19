package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Compares the bitmaps with what the inodes use, and the link counts with the directories. Memory
 * is bounded by going over all inodes once for each window of blocks and inodes.
 */
final class ExtCheck {

  private static final long WINDOW_BLOCKS = 1L << 28;
  private static final int WINDOW_INODES = 1 << 23;
  private static final int FIRST_USABLE_INODE = 11;

  /** A directory with more links than fit is counted as 1. */
  private static final int UNCOUNTED_LINKS = 1;

  private final ExtVolume volume;
  private final Superblock superblock;
  private final Consumer<Problem> problems;
  private final BlockUse use;

  ExtCheck(ExtVolume volume, Consumer<Problem> problems) {
    this.volume = volume;
    this.superblock = volume.superblock();
    this.problems = problems;
    this.use = new BlockUse(superblock, WINDOW_BLOCKS);
  }

  void run() throws IOException {
    for (long first = 0; first < superblock.blocksCount(); first += WINDOW_BLOCKS) {
      use.moveTo(first);
      GroupMetadata.mark(volume, use::markMetadata, this::report);
      eachInode(this::markBlocks);
      compareBlocks(first, Math.min(superblock.blocksCount(), first + WINDOW_BLOCKS));
    }
    for (long first = 1; first <= superblock.inodesCount(); first += WINDOW_INODES) {
      compareLinks(first);
    }
  }

  private void report(String structure, long offset, String found, String expected) {
    problems.accept(new Problem(structure, offset, found, expected));
  }

  /** Does something with an inode. */
  @FunctionalInterface
  private interface Visitor {
    void visit(Inode inode) throws IOException;
  }

  private void eachInode(Visitor visitor) throws IOException {
    for (long group = 0; group < superblock.groups(); group++) {
      try {
        GroupDescriptor descriptor = volume.descriptor(group);
        if (descriptor.inodesUninitialized()) {
          continue;
        }
        long used = superblock.inodesPerGroup() - descriptor.itableUnused();
        for (long index = 0; index < used; index++) {
          one(group * superblock.inodesPerGroup() + index + 1, visitor);
        }
      } catch (ImageException e) {
        problems.accept(Problem.of(e));
      }
    }
  }

  private void one(long number, Visitor visitor) throws IOException {
    try {
      if (number > superblock.inodesCount()) {
        return;
      }
      ByteView view = volume.inodeView(number);
      boolean inUse = view.u16(26) != 0 || (number < FIRST_USABLE_INODE && view.u16(0) != 0);
      if (inUse) {
        visitor.visit(volume.inode(number));
      }
    } catch (ImageException e) {
      problems.accept(Problem.of(e));
    }
  }

  private void markBlocks(Inode inode) throws IOException {
    if (inode.fileAcl() != 0) {
      use.markShared(inode.fileAcl());
    }
    boolean stored =
        inode.kind().filter(this::hasBlocks).isPresent()
            || (inode.kind().isEmpty() && inode.number() < FIRST_USABLE_INODE);
    boolean fastLink =
        inode.kind().equals(Optional.of(FileKind.SYMBOLIC_LINK))
            && inode.size() < Inode.BLOCK_LENGTH
            && !inode.has(Inode.FLAG_EXTENTS);
    if (!stored || fastLink || inode.has(Inode.FLAG_INLINE_DATA)) {
      return;
    }
    use.startInode(inode.number());
    if (inode.number() == Inode.RESIZE) {
      // It holds the blocks reserved for descriptors, which are the groups' metadata.
      if (inode.blockNumber(13) != 0) {
        use.mark(inode.blockNumber(13), 1, this::report);
      }
      return;
    }
    BlockMap map = BlockMap.of(volume, inode);
    map.ownBlocks(block -> use.mark(block, 1, this::report));
    long block = 0;
    while (block < BlockMap.MAX_BLOCKS) {
      BlockRun run = map.at(block);
      if (run.physical() != 0) {
        use.mark(run.physical(), run.length(), this::report);
      }
      block = run.start() + run.length();
    }
  }

  private boolean hasBlocks(FileKind kind) {
    return kind == FileKind.REGULAR || kind == FileKind.DIRECTORY || kind == FileKind.SYMBOLIC_LINK;
  }

  private void compareBlocks(long from, long to) throws IOException {
    for (long group = 0; group < superblock.groups(); group++) {
      long first = superblock.firstBlock(group);
      if (first >= to || first + superblock.blocksPerGroup() <= from) {
        continue;
      }
      try {
        GroupDescriptor descriptor = volume.descriptor(group);
        if (!descriptor.blocksUninitialized()) {
          ByteView bitmap =
              volume.block("group " + group + " block bitmap", descriptor.blockBitmap());
          verifyBitmap(
              bitmap,
              (int) (superblock.clustersPerGroup() / 8),
              descriptor.blockBitmapCsum(),
              descriptor.csumBits());
          compareBitmap(group, bitmap);
        }
      } catch (ImageException e) {
        problems.accept(Problem.of(e));
      }
    }
  }

  private void verifyBitmap(ByteView bitmap, int length, long stored, int bits) throws IOException {
    if (!superblock.hasMetadataChecksums()) {
      return;
    }
    int mask = bits == 32 ? ~0 : 0xffff;
    int expected = volume.checksums().of(ByteBuffer.wrap(bitmap.bytes(0, length))) & mask;
    ExtVolume.verify(bitmap, "checksum", 0, (int) stored & mask, expected);
  }

  private void compareBitmap(long group, ByteView bitmap) throws IOException {
    long clusters =
        (superblock.blocksIn(group) + (1L << superblock.clusterBits()) - 1)
            >> superblock.clusterBits();
    int wrong = 0;
    long example = 0;
    for (long i = 0; i < clusters; i++) {
      long block = superblock.firstBlock(group) + (i << superblock.clusterBits());
      boolean marked = (bitmap.u8((int) (i / 8)) >> (i % 8) & 1) != 0;
      if (use.covers(block) && marked != use.isMarked(block)) {
        wrong++;
        example = block;
      }
    }
    if (wrong > 0) {
      report(
          "group " + group + " block bitmap",
          bitmap.offset(),
          wrong + " bits that say otherwise, the last for block " + example,
          "what the inodes use");
    }
  }

  /** Counts what the directories say of one window of inodes, and compares. */
  private void compareLinks(long first) throws IOException {
    int length = (int) Math.min(WINDOW_INODES, superblock.inodesCount() - first + 1);
    var links = new char[length];
    eachInode(inode -> countLinks(inode, first, links));
    eachInode(inode -> compareLinks(inode, first, links));
    for (long group = 0; group < superblock.groups(); group++) {
      compareInodeBitmap(group, first, length);
    }
  }

  private void countLinks(Inode inode, long first, char[] links) throws IOException {
    boolean directory = inode.kind().equals(Optional.of(FileKind.DIRECTORY));
    if (!directory || inode.has(Inode.FLAG_ENCRYPT)) {
      return;
    }
    if (inode.has(Inode.FLAG_INLINE_DATA)) {
      count(inode.number(), first, links);
      count(inode.blockNumber(0), first, links);
    }
    Directory.Cursor cursor = new Directory(volume, inode).cursor();
    for (DirectoryEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      count(entry.inode(), first, links);
      if (!entry.isDots()) {
        checkEntry(inode, entry);
      }
    }
  }

  private void checkEntry(Inode directory, DirectoryEntry entry) throws IOException {
    Inode target = volume.inode(entry.inode());
    boolean sameKind = entry.kind().isEmpty() || entry.kind().equals(target.kind());
    if (target.links() == 0 || !sameKind) {
      report(
          "inode " + directory.number() + " directory",
          directory.offset(),
          "an entry for inode "
              + entry.inode()
              + " with "
              + target.links()
              + " links, mode "
              + Integer.toOctalString(target.mode()),
          "entries for inodes in use, of the kind they say");
    }
    if (target.kind().equals(Optional.of(FileKind.DIRECTORY))
        && new Directory(volume, target).parent().orElse(0) != directory.number()) {
      report(
          "inode " + target.number() + " directory",
          target.offset(),
          "a parent that is not inode " + directory.number(),
          "the directory that holds it");
    }
  }

  private static void count(long number, long first, char[] links) {
    long index = number - first;
    if (index >= 0 && index < links.length && links[(int) index] < Character.MAX_VALUE) {
      links[(int) index]++;
    }
  }

  private void compareLinks(Inode inode, long first, char[] links) {
    long index = inode.number() - first;
    boolean special = inode.number() < FIRST_USABLE_INODE && inode.number() != Inode.ROOT;
    boolean hidden =
        special
            || inode.has(Inode.FLAG_EA_INODE)
            || inode.number() == superblock.orphanFileInum()
            || inode.number() == superblock.journalInum();
    if (index < 0 || index >= links.length || hidden) {
      return;
    }
    boolean uncounted =
        inode.links() == UNCOUNTED_LINKS && inode.kind().equals(Optional.of(FileKind.DIRECTORY));
    if (links[(int) index] != inode.links() && !uncounted) {
      report(
          "inode " + inode.number() + " i_links_count",
          inode.offset() + 26,
          Long.toString(inode.links()),
          (int) links[(int) index] + ", as the directories have it");
    }
  }

  private void compareInodeBitmap(long group, long first, int length) throws IOException {
    long start = group * superblock.inodesPerGroup() + 1;
    if (start >= first + length || start + superblock.inodesPerGroup() <= first) {
      return;
    }
    try {
      GroupDescriptor descriptor = volume.descriptor(group);
      if (descriptor.inodesUninitialized()) {
        return;
      }
      ByteView bitmap = volume.block("group " + group + " inode bitmap", descriptor.inodeBitmap());
      verifyBitmap(
          bitmap,
          (int) (superblock.inodesPerGroup() / 8),
          descriptor.inodeBitmapCsum(),
          descriptor.csumBits());
      long used = superblock.inodesPerGroup() - descriptor.itableUnused();
      for (long i = 0; i < superblock.inodesPerGroup(); i++) {
        boolean marked = (bitmap.u8((int) (i / 8)) >> (i % 8) & 1) != 0;
        boolean reserved = start + i < FIRST_USABLE_INODE;
        boolean inUse = i < used && volume.inodeView(start + i).u16(26) != 0;
        if (!reserved && marked != inUse) {
          report(
              "group " + group + " inode bitmap",
              bitmap.offset() + i / 8,
              "inode " + (start + i) + (marked ? " in use" : " free"),
              inUse ? "in use" : "free, for its links are 0");
        }
      }
    } catch (ImageException e) {
      problems.accept(Problem.of(e));
    }
  }

  /** Takes a problem's parts. */
  @FunctionalInterface
  interface Report {
    void accept(String structure, long offset, String found, String expected);
  }
}
