package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;

/** A tree of an allocation group. Walks it whole, once, and checks how its blocks hang together. */
final class AgBtree {

  /** More levels would hold more blocks than a group can have. */
  private static final int MAX_LEVELS = 16;

  private static final int HEADER = 16;
  private static final int HEADER_V5 = 56;
  private static final int CRC_AT = 52;
  private static final long NULL_BLOCK = 0xffffffffL;

  private final Metadata metadata;
  private final long ag;
  private final Kind kind;
  private final Records records;
  private final Blocks blocks;

  /** By level: the block before on it, and the one that it says comes next. */
  private final long[] previous = new long[MAX_LEVELS];

  private final long[] expected = new long[MAX_LEVELS];
  private long left;

  /** The trees of a group. */
  enum Kind {
    FREE_BY_BLOCK("free space by block", "ABTB", "AB3B", 8, 8),
    FREE_BY_SIZE("free space by size", "ABTC", "AB3C", 8, 8),
    INODES("inodes", "IABT", "IAB3", 16, 4),
    FREE_INODES("free inodes", "FIBT", "FIB3", 16, 4),
    REVERSE_MAP("reverse mapping", "", "RMB3", 24, 40),
    REFERENCE_COUNTS("reference counts", "", "R3FC", 12, 4);

    private final String title;
    private final String magic;
    private final String magicV5;
    private final int recordSize;
    private final int keySize;

    Kind(String title, String magic, String magicV5, int recordSize, int keySize) {
      this.title = title;
      this.magic = magic;
      this.magicV5 = magicV5;
      this.recordSize = recordSize;
      this.keySize = keySize;
    }
  }

  /** Receives the records in order. */
  @FunctionalInterface
  interface Records {
    void record(ByteView block, int at) throws IOException;
  }

  /** Receives the number in its group of each block of the tree. */
  @FunctionalInterface
  interface Blocks {
    void block(long inAg);
  }

  AgBtree(Metadata metadata, long ag, Kind kind, Records records, Blocks blocks) {
    this.metadata = metadata;
    this.ag = ag;
    this.kind = kind;
    this.records = records;
    this.blocks = blocks;
    this.left = metadata.geometry().agLength(ag);
  }

  private String structure() {
    return "group " + ag + " tree of " + kind.title;
  }

  /**
   * Walks the tree.
   *
   * @param levels how many it has, as the group's header says
   * @throws CorruptImage at the first damage
   */
  void walk(long root, long levels) throws IOException {
    if (levels == 0 || levels > MAX_LEVELS) {
      throw metadata.corrupt(structure(), Fault.number(levels) + " levels", "1 to " + MAX_LEVELS);
    }
    for (int i = 0; i < levels; i++) {
      previous[i] = NULL_BLOCK;
      expected[i] = -1;
    }
    visit(root, (int) levels - 1, true);
    for (int i = 0; i < levels; i++) {
      if (expected[i] != NULL_BLOCK) {
        throw metadata.corrupt(
            structure(),
            "block " + expected[i] + " after the last one of level " + i,
            "no further block");
      }
    }
  }

  private void visit(long number, int level, boolean root) throws IOException {
    Geometry geometry = metadata.geometry();
    left--;
    if (left < 0 || number >= geometry.agLength(ag)) {
      throw metadata.corrupt(
          structure(), "block " + Fault.number(number), "blocks of the group, each once");
    }
    blocks.block(number);
    ByteView view =
        metadata.sealed(
            structure(), geometry.offset(geometry.block(ag, number)), geometry.blockSize(), CRC_AT);
    int header = header(view, level);
    int entry = level == 0 ? kind.recordSize : kind.keySize + Integer.BYTES;
    int capacity = (view.length() - header) / entry;
    int count = view.u16(6);
    if (count > capacity || count == 0 && (level > 0 || !root)) {
      throw view.corrupt("numrecs", 6, "" + count, "1 to " + capacity);
    }
    siblings(view, number, level);
    for (int i = 0; i < count; i++) {
      if (level == 0) {
        records.record(view, header + i * entry);
      } else {
        visit(view.u32(header + capacity * kind.keySize + i * Integer.BYTES), level - 1, false);
      }
    }
  }

  private int header(ByteView view, int level) throws CorruptImage {
    boolean five = metadata.isV5();
    String magic = five ? kind.magicV5 : kind.magic;
    if (!view.startsWith(0, magic)) {
      throw view.corrupt("magic", 0, Fault.number(view.u32(0)), magic);
    }
    if (view.u16(4) != level) {
      throw view.corrupt("level", 4, "" + view.u16(4), "" + level);
    }
    if (!five) {
      return HEADER;
    }
    if (view.u64(16) != Geometry.basicBlock(view.offset())) {
      throw view.corrupt(
          "blkno",
          16,
          Fault.number(view.u64(16)),
          Fault.number(Geometry.basicBlock(view.offset())));
    }
    metadata.checkUuid(view, 32);
    if (view.u32(48) != ag) {
      throw view.corrupt("owner", 48, Fault.number(view.u32(48)), Fault.number(ag));
    }
    return HEADER_V5;
  }

  private void siblings(ByteView view, long number, int level) throws CorruptImage {
    long leftsib = view.u32(8);
    if (leftsib != previous[level]) {
      throw view.corrupt("leftsib", 8, Fault.number(leftsib), Fault.number(previous[level]));
    }
    if (expected[level] >= 0 && expected[level] != number) {
      throw view.corrupt(
          "place",
          0,
          "block " + number,
          "block " + expected[level] + ", rightsib of the one before");
    }
    previous[level] = number;
    expected[level] = view.u32(12);
  }
}
