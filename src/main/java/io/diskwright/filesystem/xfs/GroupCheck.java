package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;

/** Checks the headers and trees of an allocation group. For one use. */
final class GroupCheck {

  private static final int SPARSE_UNIT = 4;
  private static final long COPY_ON_WRITE = 1L << 31;

  private final Metadata metadata;
  private final Report report;
  private final SpaceMap space;
  private final InodeTable table;
  private final long ag;
  private final String title;
  private long end;
  private long blocks;
  private long records;
  private long inodes;
  private long freeInodes;

  GroupCheck(Metadata metadata, Report report, SpaceMap space, InodeTable table, long ag) {
    this.metadata = metadata;
    this.report = report;
    this.space = space;
    this.table = table;
    this.ag = ag;
    this.title = "group " + ag;
  }

  /**
   * What the group's headers count.
   *
   * @param free blocks, with those that trees of free space take
   */
  record Counts(long free, long inodes, long freeInodes) {}

  /** Checks all; the counts as the headers have them, for the superblock's. */
  Counts run() throws IOException {
    if (ag > 0) {
      report.attempt(() -> Facts.copy(metadata, ag));
    }
    space.use(block(0), metadata.superBlock().headerBlocks(), title + " headers");
    AgFreeSpace freeSpace = AgFreeSpace.read(metadata, ag);
    AgInodes header = AgInodes.read(metadata, ag);
    report.attempt(() -> freeSpace(freeSpace));
    report.attempt(() -> freeList(freeSpace));
    report.attempt(() -> inodes(header));
    if (metadata.features().hasReverseMap()) {
      report.attempt(() -> reverseMap(freeSpace));
    }
    if (metadata.features().hasReflink()) {
      report.attempt(() -> referenceCounts(freeSpace));
    }
    return new Counts(
        freeSpace.freeblks() + freeSpace.flcount() + freeSpace.btreeblks(),
        header.count(),
        header.freecount());
  }

  private long block(long inAg) {
    return metadata.geometry().block(ag, inAg);
  }

  private AgBtree tree(AgBtree.Kind kind, AgBtree.Records sink) {
    end = 0;
    blocks = 0;
    records = 0;
    return new AgBtree(
        metadata, ag, kind, sink, number -> space.use(block(number), 1, title + " trees"));
  }

  private void freeSpace(AgFreeSpace header) throws IOException {
    tree(
            AgBtree.Kind.FREE_BY_BLOCK,
            (view, at) -> {
              inOrder(view, at, view.u32(at));
              space.free(block(view.u32(at)), view.u32(at + 4), title);
            })
        .walk(header.bnoRoot(), header.bnoLevel());
    report.same("AGF " + ag + " freeblks", header.freeblks(), blocks);
    long expected = records;
    long[] last = {0, 0};
    tree(AgBtree.Kind.FREE_BY_SIZE, (view, at) -> bySize(view, at, last))
        .walk(header.cntRoot(), header.cntLevel());
    report.same(title + " tree of free space by size, blocks", blocks, header.freeblks());
    report.same(title + " tree of free space by size, records", records, expected);
    report.same("AGF " + ag + " longest", header.longest(), last[0]);
  }

  /** Checks a record of blocks that must lie behind the one before. */
  private void inOrder(ByteView view, int at, long start) throws CorruptImage {
    long count = view.u32(at + 4);
    checkRange(view, at, start, count);
    if (start < end) {
      throw view.corrupt("record", at, "block " + start, Fault.number(end) + " or above");
    }
    end = start + count;
    blocks += count;
    records++;
  }

  private void checkRange(ByteView view, int at, long start, long count) throws CorruptImage {
    if (count == 0 || !metadata.geometry().holds(block(start), count)) {
      throw view.corrupt(
          "record", at, count + " blocks from " + start + " on", "blocks inside the group");
    }
  }

  private void bySize(ByteView view, int at, long[] last) throws CorruptImage {
    long start = view.u32(at);
    long count = view.u32(at + 4);
    checkRange(view, at, start, count);
    if (count < last[0] || count == last[0] && start <= last[1]) {
      throw view.corrupt("record", at, count + " blocks from " + start + " on", "sorted by size");
    }
    last[0] = count;
    last[1] = start;
    blocks += count;
    records++;
    if (!space.isFree(block(start), count)) {
      throw view.corrupt("record", at, "block " + start, "what is free in the tree by block");
    }
  }

  private void freeList(AgFreeSpace header) throws IOException {
    AgFreeList list = AgFreeList.read(metadata, ag);
    long count = header.flcount();
    long capacity = list.capacity();
    if (count == 0) {
      return;
    }
    if (header.flfirst() >= capacity
        || header.fllast() >= capacity
        || (header.fllast() - header.flfirst() + capacity) % capacity + 1 != count) {
      throw header
          .view()
          .corrupt(
              "flcount",
              48,
              count + " blocks from " + header.flfirst() + " to " + header.fllast(),
              "as many as stand between them in a ring of " + capacity);
    }
    for (long i = 0; i < count; i++) {
      long number = list.block((int) ((header.flfirst() + i) % capacity));
      if (number >= metadata.geometry().agLength(ag)) {
        throw list.view().corrupt("bno", 0, Fault.number(number), "a block of the group");
      }
      space.use(block(number), 1, "AGFL " + ag);
    }
  }

  private void inodes(AgInodes header) throws IOException {
    int before = table.chunks();
    long[] lastBlock = {-1};
    tree(AgBtree.Kind.INODES, (view, at) -> chunk(view, at, lastBlock))
        .walk(header.root(), header.level());
    report.same("AGI " + ag + " count", header.count(), inodes);
    report.same("AGI " + ag + " freecount", header.freecount(), freeInodes);
    if (metadata.features().hasFreeInodeTree()) {
      tree(AgBtree.Kind.FREE_INODES, this::freeChunk).walk(header.freeRoot(), header.freeLevel());
      report.same(title + " tree of free inodes, records", records, table.chunksWithFree(before));
    }
  }

  private void chunk(ByteView view, int at, long[] lastBlock) throws IOException {
    long start = view.u32(at);
    boolean sparse = metadata.features().hasSparseInodes();
    int holes = sparse ? view.u16(at + 4) : 0;
    long count = sparse ? view.u8(at + 6) : InodeTable.CHUNK;
    long free = sparse ? view.u8(at + 7) : view.u32(at + 4);
    long freeMask = view.u64(at + 8);
    long missing = 0;
    for (int i = 0; i < InodeTable.CHUNK; i++) {
      missing |= (holes >>> i / SPARSE_UNIT & 1L) << i;
    }
    long perBlock = metadata.geometry().blockSize() / metadata.geometry().inodeSize();
    if (start % Math.min(perBlock, InodeTable.CHUNK) != 0 || start < end) {
      throw view.corrupt("startino", at, Fault.number(start), "the first of a block, in order");
    }
    end = start + InodeTable.CHUNK;
    report.same(title + " inode chunk " + start + " count", count, 64 - Long.bitCount(missing));
    report.same(
        title + " inode chunk " + start + " freecount", free, Long.bitCount(freeMask & ~missing));
    inodes += count;
    freeInodes += free;
    for (int i = 0; i < InodeTable.CHUNK; i++) {
      long number = metadata.geometry().blockOfInode(start + i);
      if ((missing >>> i & 1) == 0 && number > lastBlock[0]) {
        lastBlock[0] = number;
        checkRange(view, at, number, 1);
        space.use(block(number), 1, title + " inodes");
      }
    }
    if (!table.isFull()) {
      table.add(metadata.geometry().inode(ag, start), freeMask, missing);
    }
  }

  private void freeChunk(ByteView view, int at) throws CorruptImage {
    records++;
    long start = view.u32(at);
    int chunk = table.chunk(metadata.geometry().inode(ag, start));
    if (table.isFull()) {
      return;
    }
    if (chunk < 0 || table.freeMask(chunk) != view.u64(at + 8)) {
      throw view.corrupt(
          "record", at, "inode chunk " + start, "what the tree of inodes says of it");
    }
  }

  private void reverseMap(AgFreeSpace header) throws IOException {
    tree(
            AgBtree.Kind.REVERSE_MAP,
            (view, at) -> {
              checkRange(view, at, view.u32(at), view.u32(at + 4));
              if (view.u32(at) < end) {
                throw view.corrupt("record", at, "block " + view.u32(at), "sorted by block");
              }
              end = view.u32(at);
            })
        .walk(header.rmapRoot(), header.rmapLevel());
  }

  private void referenceCounts(AgFreeSpace header) throws IOException {
    tree(
            AgBtree.Kind.REFERENCE_COUNTS,
            (view, at) -> {
              boolean staging = (view.u32(at) & COPY_ON_WRITE) != 0;
              long start = view.u32(at) & ~COPY_ON_WRITE;
              checkRange(view, at, start, view.u32(at + 4));
              if (staging) {
                space.use(block(start), view.u32(at + 4), title + " copy-on-write staging");
              } else {
                inOrder(view, at, start);
                space.share(block(start), view.u32(at + 4));
              }
            })
        .walk(header.refcountRoot(), header.refcountLevel());
  }
}
