package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The journal (jbd2): a ring of transactions, each of descriptor blocks with the blocks they
 * describe, revocations, and a commit block. What is not committed is as if never written.
 */
final class Journal {

  private static final int DESCRIPTOR = 1;
  private static final int COMMIT = 2;
  private static final int SUPERBLOCK_V1 = 3;
  private static final int SUPERBLOCK_V2 = 4;
  private static final int REVOKE = 5;

  private static final int INCOMPAT_REVOKE = 0x1;
  private static final int INCOMPAT_64BIT = 0x2;
  private static final int INCOMPAT_ASYNC_COMMIT = 0x4;
  private static final int INCOMPAT_CSUM_V2 = 0x8;
  private static final int INCOMPAT_CSUM_V3 = 0x10;
  private static final int INCOMPAT_FAST_COMMIT = 0x20;
  private static final int KNOWN =
      INCOMPAT_REVOKE
          | INCOMPAT_64BIT
          | INCOMPAT_ASYNC_COMMIT
          | INCOMPAT_CSUM_V2
          | INCOMPAT_CSUM_V3
          | INCOMPAT_FAST_COMMIT;

  private static final long MAGIC = 0xc03b3998L;
  private static final int HEADER = 12;
  private static final int FAST_COMMIT_HEAD = 9;
  private static final int DEFAULT_FAST_COMMIT_BLOCKS = 256;
  private static final int TAIL = 4;

  private final ExtVolume volume;
  private final BlockMap map;
  private final long maxLength;
  private final long first;
  private final long last;
  private final long start;
  private final int startSequence;
  private final int incompat;
  private final Checksums checksums;
  private final JournalTag.Layout layout;

  private final Map<Long, JournalReplay.Copy> blocks = new HashMap<>();
  private final Map<Long, Integer> revoked = new HashMap<>();
  private final List<Transaction> transactions = new ArrayList<>();

  /** A complete transaction: where its blocks lie in the journal, in their order. */
  private record Transaction(int sequence, List<Described> described) {}

  private record Described(JournalTag tag, long journalBlock) {}

  Journal(ExtVolume volume) throws IOException {
    this.volume = volume;
    long number = volume.superblock().journalInum();
    if (number == 0) {
      throw new UnsupportedFeature(
          volume.describe(),
          "superblock s_journal_inum",
          Superblock.OFFSET + 0xe0,
          "a journal on another device, which needs recovery",
          "a journal in the filesystem",
          "Start the guest once, or run e2fsck in it");
    }
    Inode inode = volume.inode(number);
    this.map = BlockMap.of(volume, inode);
    ByteView view = read(0);
    int type = (int) view.u32(4);
    if (view.u32(0) != MAGIC || (type != SUPERBLOCK_V1 && type != SUPERBLOCK_V2)) {
      throw view.corrupt("h_blocktype", 4, Integer.toString(type), "a journal's superblock");
    }
    this.incompat = type == SUPERBLOCK_V2 ? (int) view.u32(40) : 0;
    if ((incompat & ~KNOWN) != 0) {
      throw view.unsupported(
          "s_feature_incompat",
          40,
          Fault.number(Integer.toUnsignedLong(incompat)),
          Fault.number(KNOWN));
    }
    this.maxLength = view.u32(16);
    this.first = view.u32(20);
    this.startSequence = (int) view.u32(24);
    this.start = view.u32(28);
    long mapped = inode.size() / volume.blockSize();
    if (view.u32(12) != volume.blockSize()
        || maxLength > mapped
        || first < 1
        || first >= maxLength) {
      throw view.corrupt(
          "s_maxlen",
          16,
          maxLength + " blocks of " + view.u32(12) + " bytes, the first " + first,
          "at most the " + mapped + " blocks of inode " + number);
    }
    this.last = maxLength - fastCommitBlocks(view);
    if (start >= maxLength || last <= first) {
      throw view.corrupt("s_start", 28, Fault.number(start), "below s_maxlen " + maxLength);
    }
    this.layout =
        new JournalTag.Layout(
            (incompat & INCOMPAT_64BIT) != 0,
            (incompat & INCOMPAT_CSUM_V2) != 0,
            (incompat & INCOMPAT_CSUM_V3) != 0);
    this.checksums = Checksums.seeded(Checksums.plain(view.bytes(48, 16)));
    if (layout.checksummed()) {
      verify(view, 1024, 252);
    }
  }

  private long fastCommitBlocks(ByteView view) throws IOException {
    if ((incompat & INCOMPAT_FAST_COMMIT) == 0) {
      return 0;
    }
    long stored = view.u32(84);
    return stored == 0 ? DEFAULT_FAST_COMMIT_BLOCKS : Math.min(stored, maxLength);
  }

  private ByteView read(long journalBlock) throws IOException {
    BlockRun run = map.at(journalBlock);
    String structure = "journal block " + journalBlock;
    if (!run.isStored()) {
      throw new CorruptImage(
          volume.describe(), structure, Fault.NOWHERE, "a hole", "a block of the volume");
    }
    ByteBuffer bytes = ByteBuffer.allocate(volume.blockSize());
    long offset = run.physical() * volume.blockSize();
    volume.data().read(offset, bytes);
    return new ByteView(bytes.flip(), ByteOrder.BIG_ENDIAN, volume.describe(), structure, offset);
  }

  /** Verifies a checksum over the first bytes of a block, in which it counts as zero. */
  private void verify(ByteView view, int length, int at) throws CorruptImage {
    byte[] bytes = view.bytes(0, length);
    Arrays.fill(bytes, at, at + 4, (byte) 0);
    // The journal's superblock is the one block whose checksum does not start from the UUID.
    int expected =
        length < view.length() || at == 252
            ? Checksums.plain(bytes)
            : checksums.of(ByteBuffer.wrap(bytes));
    ExtVolume.verify(view, "checksum", at, (int) view.u32(at), expected);
  }

  private long next(long journalBlock) {
    return journalBlock + 1 >= last ? first : journalBlock + 1;
  }

  JournalReplay replay() throws IOException {
    if (start == 0) {
      return new JournalReplay(Recovery.REPLAYED, Map.of(), 0, List.of());
    }
    scan();
    for (Transaction transaction : transactions) {
      for (Described each : transaction.described) {
        Integer revokedAt = revoked.get(each.tag.block());
        if (revokedAt == null || revokedAt - transaction.sequence < 0) {
          apply(each, transaction.sequence);
        }
      }
    }
    int next = startSequence + transactions.size();
    if ((incompat & INCOMPAT_FAST_COMMIT) != 0 && hasFastCommit(next)) {
      return JournalReplay.notPossible(
          new Problem(
              "journal fast commit area",
              map.at(last).physical() * volume.blockSize(),
              "fast commits",
              "a journal whose changes are all in full transactions"));
    }
    return new JournalReplay(Recovery.REPLAYED, Map.copyOf(blocks), transactions.size(), List.of());
  }

  /** Collects the complete transactions; whatever breaks off is the end, as for the kernel. */
  private void scan() throws IOException {
    long at = start;
    int sequence = startSequence;
    long read = 0;
    List<Described> described = new ArrayList<>();
    Map<Long, Integer> newlyRevoked = new HashMap<>();
    while (read < maxLength) {
      ByteView view = read(at);
      if (view.u32(0) != MAGIC || (int) view.u32(8) != sequence) {
        return;
      }
      long position = next(at);
      read++;
      switch ((int) view.u32(4)) {
        case DESCRIPTOR -> {
          if (layout.checksummed() && !isIntact(view, view.length() - TAIL)) {
            return;
          }
          int end = view.length() - (layout.checksummed() ? TAIL : 0);
          for (JournalTag tag : JournalTag.all(view, HEADER, end, layout)) {
            described.add(new Described(tag, position));
            position = next(position);
            read++;
          }
        }
        case REVOKE -> {
          if (layout.checksummed() && !isIntact(view, view.length() - TAIL)) {
            return;
          }
          revocations(view, sequence, newlyRevoked);
        }
        case COMMIT -> {
          if (layout.checksummed() && !isIntact(view, 16)) {
            return;
          }
          transactions.add(new Transaction(sequence, List.copyOf(described)));
          revoked.putAll(newlyRevoked);
          newlyRevoked.clear();
          described.clear();
          sequence++;
        }
        default -> {
          return;
        }
      }
      at = position;
    }
  }

  private boolean isIntact(ByteView view, int at) throws IOException {
    byte[] bytes = view.bytes(0, view.length());
    Arrays.fill(bytes, at, at + 4, (byte) 0);
    return checksums.of(ByteBuffer.wrap(bytes)) == (int) view.u32(at);
  }

  private void revocations(ByteView view, int sequence, Map<Long, Integer> into)
      throws IOException {
    long used = view.u32(12);
    int width = (incompat & INCOMPAT_64BIT) != 0 ? 8 : 4;
    if (used < 16 || used > view.length()) {
      throw view.corrupt("r_count", 12, Fault.number(used), "16 to " + view.length());
    }
    for (int at = 16; at + width <= used; at += width) {
      into.put(width == 8 ? view.u64(at) : view.u32(at), sequence);
    }
  }

  private void apply(Described described, int sequence) throws IOException {
    JournalTag tag = described.tag;
    volume.checkBlocks(
        "journal tag of transaction " + Integer.toUnsignedString(sequence),
        Fault.NOWHERE,
        tag.block() == 0 ? 1 : tag.block(),
        1);
    BlockRun run = map.at(described.journalBlock);
    if (layout.checksummed()) {
      ByteView content = read(described.journalBlock);
      int expected =
          checksums.of(
              ByteBuffer.allocate(4).putInt(sequence).flip(),
              ByteBuffer.wrap(content.bytes(0, content.length())));
      boolean same =
          layout.v3() ? expected == tag.checksum() : (expected & 0xffff) == tag.checksum();
      if (!same) {
        throw content.corrupt(
            "checksum",
            0,
            String.format("0x%08x", expected),
            String.format("0x%08x", tag.checksum()));
      }
    }
    if (!run.isStored()) {
      throw new CorruptImage(
          volume.describe(),
          "journal block " + described.journalBlock,
          Fault.NOWHERE,
          "a hole",
          "a block of the volume");
    }
    blocks.put(tag.block(), new JournalReplay.Copy(run.physical(), tag.escaped()));
  }

  /** Whether the area of fast commits holds some that follow the last transaction. */
  private boolean hasFastCommit(int sequence) throws IOException {
    try {
      ByteView view = read(last);
      byte[] head = view.bytes(0, 12);
      ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      return bytes.getShort(0) == FAST_COMMIT_HEAD && bytes.getInt(8) == sequence;
    } catch (ImageException e) {
      // An area that is not mapped holds nothing.
      return false;
    }
  }
}
