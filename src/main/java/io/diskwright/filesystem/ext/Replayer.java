package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Goes through a journal three times, as the kernel does: to find the last transaction that is
 * committed, to learn which blocks later ones revoke, and to take the others. For one use.
 */
final class Replayer {

  private static final int DESCRIPTOR = 1;
  private static final int COMMIT = 2;
  private static final int REVOKE = 5;

  private static final int HEADER = 12;
  private static final int TAIL = 4;
  private static final int COMMIT_CHECKSUM = 16;
  private static final int COMMIT_SECONDS = 48;
  private static final int CRC32 = 1;
  private static final int FAST_COMMIT_HEAD = 9;

  private final Journal journal;
  private final JournalSuperblock superblock;
  private final JournalTag.Layout layout;
  private final LongTable blocks = new LongTable();

  /** By block, the number of the last transaction that revokes it, counted from the first. */
  private final LongTable revoked = new LongTable();

  private int transactions;
  private long lastCommit;
  private boolean doubtful;
  private int transactionChecksum = ~0;

  Replayer(Journal journal) {
    this.journal = journal;
    this.superblock = journal.superblock();
    this.layout = superblock.layout();
  }

  JournalReplay run() throws IOException {
    if (superblock.start() == 0) {
      return new JournalReplay(Recovery.REPLAYED, blocks, 0, List.of());
    }
    walk(Integer.MAX_VALUE, this::scan);
    walk(transactions, this::revocations);
    walk(transactions, this::take);
    int next = superblock.sequence() + transactions;
    if (superblock.hasFastCommits() && hasFastCommit(next)) {
      return new JournalReplay(
          Recovery.NEEDED,
          blocks,
          transactions,
          List.of(
              new Problem(
                  "journal",
                  Fault.NOWHERE,
                  "fast commits behind its last transaction, which are not read",
                  "transactions only")));
    }
    return new JournalReplay(Recovery.REPLAYED, blocks, transactions, List.of());
  }

  /** What is done with each block that is not a copy of another. */
  @FunctionalInterface
  private interface Pass {
    /**
     * @param at the block's place in the journal
     * @param transaction counted from the first
     * @return whether to go on
     */
    boolean visit(ByteView view, long at, int transaction) throws IOException;
  }

  /** Visits what follows the journal's start, until something else than a transaction does. */
  private void walk(int most, Pass pass) throws IOException {
    long at = superblock.start();
    int transaction = 0;
    long passed = 0;
    while (transaction < most && passed < superblock.maxlen()) {
      ByteView view = journal.read(at);
      boolean next =
          view.u32(0) == JournalSuperblock.MAGIC
              && (int) view.u32(8) == superblock.sequence() + transaction;
      if (!next || !pass.visit(view, at, transaction)) {
        return;
      }
      int type = (int) view.u32(4);
      int copies = type == DESCRIPTOR ? tags(view).size() : 0;
      at = journal.after(at, 1 + copies);
      passed += 1 + copies;
      transaction += type == COMMIT ? 1 : 0;
    }
  }

  private List<JournalTag> tags(ByteView view) throws IOException {
    int end = view.length() - (layout.checksummed() ? TAIL : 0);
    return JournalTag.all(view, HEADER, end, layout);
  }

  /** Finds where the last committed transaction ends. */
  private boolean scan(ByteView view, long at, int transaction) throws IOException {
    switch ((int) view.u32(4)) {
      case DESCRIPTOR -> {
        doubtful |= layout.checksummed() && !isIntact(view, view.length() - TAIL);
        if (superblock.hasTransactionChecksums()) {
          addToChecksum(view, at);
        }
      }
      case REVOKE -> doubtful |= layout.checksummed() && !isIntact(view, view.length() - TAIL);
      case COMMIT -> {
        long seconds = view.u64(COMMIT_SECONDS);
        if (doubtful && seconds >= lastCommit) {
          throw view.corrupt(
              "transaction " + Integer.toUnsignedString(superblock.sequence() + transaction),
              0,
              "a wrong checksum in a block before its commit",
              "committed blocks as they were written");
        }
        // What lies behind the last commit may be left over from an earlier round of the ring.
        if (doubtful || !isCommitted(view)) {
          return false;
        }
        lastCommit = seconds;
        transactionChecksum = ~0;
        transactions++;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean isCommitted(ByteView view) throws IOException {
    if (layout.checksummed()) {
      return isIntact(view, COMMIT_CHECKSUM);
    }
    boolean kept = view.u8(12) == CRC32 && view.u8(13) == 4;
    boolean absent = view.u8(12) == 0 && view.u8(13) == 0 && view.u32(COMMIT_CHECKSUM) == 0;
    return !superblock.hasTransactionChecksums()
        || absent
        || (kept && (int) view.u32(COMMIT_CHECKSUM) == transactionChecksum);
  }

  private void addToChecksum(ByteView descriptor, long at) throws IOException {
    int sum = Checksums.crc32(transactionChecksum, descriptor.bytes(0, descriptor.length()));
    long block = at;
    for (int i = tags(descriptor).size(); i > 0; i--) {
      block = journal.next(block);
      ByteView copy = journal.read(block);
      sum = Checksums.crc32(sum, copy.bytes(0, copy.length()));
    }
    transactionChecksum = sum;
  }

  private boolean isIntact(ByteView view, int at) throws IOException {
    return Checksums.without(view, view.length(), at, journal.checksums()) == (int) view.u32(at);
  }

  private boolean revocations(ByteView view, long at, int transaction) throws IOException {
    if (view.u32(4) == REVOKE) {
      long used = view.u32(HEADER);
      int width = layout.wide() ? 8 : 4;
      int end = view.length() - (layout.checksummed() ? TAIL : 0);
      if (used < HEADER + 4 || used > end) {
        throw view.corrupt("r_count", HEADER, Fault.number(used), (HEADER + 4) + " to " + end);
      }
      for (int i = HEADER + 4; i + width <= used; i += width) {
        long block = width == 8 ? view.u64(i) : view.u32(i);
        if (block >= 0 && !revoked.put(block, transaction)) {
          throw tooMany(view);
        }
      }
    }
    return true;
  }

  private boolean take(ByteView view, long at, int transaction) throws IOException {
    if (view.u32(4) == DESCRIPTOR) {
      long block = at;
      for (JournalTag tag : tags(view)) {
        block = journal.next(block);
        if (revoked.get(tag.block(), -1) < transaction) {
          take(view, tag, block, superblock.sequence() + transaction);
        }
      }
    }
    return true;
  }

  private void take(ByteView descriptor, JournalTag tag, long block, int sequence)
      throws IOException {
    if (tag.block() != 0) {
      journal.volume().checkBlocks("journal tag", descriptor.offset(), tag.block(), 1);
    }
    if (layout.checksummed()) {
      verify(tag, block, sequence);
    }
    long copy = JournaledSource.copy(journal.place(block), tag.escaped());
    if (!blocks.put(tag.block(), copy)) {
      throw tooMany(descriptor);
    }
  }

  private void verify(JournalTag tag, long block, int sequence) throws IOException {
    ByteView copy = journal.read(block);
    int expected =
        journal
            .checksums()
            .of(
                ByteBuffer.allocate(4).putInt(sequence).flip(),
                ByteBuffer.wrap(copy.bytes(0, copy.length())));
    if ((layout.v3() ? expected : expected & 0xffff) != tag.checksum()) {
      throw copy.corrupt(
          "content",
          0,
          "the checksum " + Fault.number(Integer.toUnsignedLong(expected)),
          Fault.number(Integer.toUnsignedLong(tag.checksum())) + ", as its tag says");
    }
  }

  private static ImageException tooMany(ByteView view) {
    return view.tooLarge(
        "blocks", 0, "more than " + LongTable.MOST + " blocks", "as many as are kept in memory");
  }

  /** Whether the room for fast commits holds some that follow the last transaction. */
  private boolean hasFastCommit(int sequence) throws IOException {
    try {
      // The kernel leaves the first block of the room empty.
      ByteView view = journal.read(superblock.last() + 1);
      ByteBuffer head = ByteBuffer.wrap(view.bytes(0, HEADER)).order(ByteOrder.LITTLE_ENDIAN);
      return head.getShort(0) == FAST_COMMIT_HEAD && head.getInt(8) == sequence;
    } catch (CorruptImage e) {
      // A room that is not mapped holds nothing.
      return false;
    }
  }
}
