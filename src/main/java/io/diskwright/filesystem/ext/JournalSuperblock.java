package io.diskwright.filesystem.ext;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;

/**
 * The first block of a journal. Fields are named as in the kernel's {@code journal_superblock_t}.
 *
 * @param maxlen blocks of the journal
 * @param first the first block of the ring of transactions
 * @param last the block behind that ring; fast commits lie there
 * @param sequence of the first transaction that must be replayed
 * @param start the block where it starts, 0 when none must be
 */
record JournalSuperblock(
    long maxlen,
    long first,
    long last,
    int sequence,
    long start,
    int compat,
    int incompat,
    byte[] uuid) {

  static final long MAGIC = 0xc03b3998L;

  private static final int VERSION_1 = 3;
  private static final int VERSION_2 = 4;

  private static final int COMPAT_CHECKSUM = 0x1;
  private static final int INCOMPAT_64BIT = 0x2;
  private static final int INCOMPAT_CSUM_V2 = 0x8;
  private static final int INCOMPAT_CSUM_V3 = 0x10;
  private static final int INCOMPAT_FAST_COMMIT = 0x20;

  /** With revocations (1) and commits that do not wait for their transaction (4). */
  private static final int KNOWN = 0x3f;

  /** What the kernel takes when the superblock does not say; and the least it leaves for others. */
  private static final int FAST_COMMIT_BLOCKS = 256;

  private static final int LEAST_BLOCKS = 1024;
  private static final int CHECKSUM_AT = 252;
  private static final int LENGTH = 1024;

  /**
   * @param blockSize the filesystem's, bytes
   * @param mapped blocks of the file that the journal is
   */
  static JournalSuperblock parse(ByteView view, int blockSize, long mapped) throws ImageException {
    long type = view.u32(4);
    if (view.u32(0) != MAGIC || (type != VERSION_1 && type != VERSION_2)) {
      throw view.corrupt(
          "h_magic and h_blocktype",
          0,
          Fault.number(view.u32(0)) + " and " + Fault.number(type),
          "0xc03b3998 and 3 or 4, a journal's superblock");
    }
    int incompat = type == VERSION_2 ? (int) view.u32(40) : 0;
    if ((incompat & ~KNOWN) != 0) {
      throw view.unsupported(
          "s_feature_incompat", 40, Fault.number(view.u32(40)), "the bits " + Fault.number(KNOWN));
    }
    if (view.u32(12) != blockSize) {
      throw view.corrupt("s_blocksize", 12, Fault.number(view.u32(12)), blockSize + ", a block");
    }
    long maxlen = view.u32(16);
    if (maxlen > mapped) {
      throw view.corrupt("s_maxlen", 16, Fault.number(maxlen), "at most the file's " + mapped);
    }
    long last = maxlen - fastCommitBlocks(view, incompat, maxlen);
    long first = view.u32(20);
    if (first < 1 || first >= last) {
      throw view.corrupt("s_first", 20, Fault.number(first), "1 to " + (last - 1));
    }
    long start = view.u32(28);
    if (start != 0 && (start < first || start >= last)) {
      throw view.corrupt("s_start", 28, Fault.number(start), "0, or " + first + " to " + last);
    }
    var superblock =
        new JournalSuperblock(
            maxlen,
            first,
            last,
            (int) view.u32(24),
            start,
            type == VERSION_2 ? (int) view.u32(36) : 0,
            incompat,
            view.bytes(48, 16));
    if (superblock.layout().checksummed()) {
      Checksums.verify(view, "s_checksum", LENGTH, CHECKSUM_AT, Checksums.seeded(~0));
    }
    return superblock;
  }

  private static long fastCommitBlocks(ByteView view, int incompat, long maxlen)
      throws ImageException {
    if ((incompat & INCOMPAT_FAST_COMMIT) == 0) {
      return 0;
    }
    long blocks = view.u32(84) == 0 ? FAST_COMMIT_BLOCKS : view.u32(84);
    return maxlen - blocks >= LEAST_BLOCKS ? blocks : 0;
  }

  JournalTag.Layout layout() {
    return new JournalTag.Layout(
        (incompat & INCOMPAT_64BIT) != 0,
        (incompat & INCOMPAT_CSUM_V2) != 0,
        (incompat & INCOMPAT_CSUM_V3) != 0);
  }

  /** Whether each commit block holds a checksum of the blocks that it commits: version 1. */
  boolean hasTransactionChecksums() {
    return (compat & COMPAT_CHECKSUM) != 0;
  }

  boolean hasFastCommits() {
    return last < maxlen;
  }
}
