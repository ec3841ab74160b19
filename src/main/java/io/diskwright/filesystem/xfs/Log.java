package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The log: a ring of basic blocks, each of which says in which round it was written. Where the
 * rounds change is its head; the log is clean when the last record before it tells of an unmount.
 */
final class Log {

  static final int BLOCK = 512;

  /** What may have been written out of order at the head: eight buffers of 256 KiB. */
  private static final int UNORDERED_BLOCKS = 4096;

  private static final int PIECE = 16 << 10;
  private static final int UNMOUNT = 0x20;
  private static final int OPERATION_FLAGS_AT = 9;

  private final Metadata metadata;
  private final long start;
  private final long blocks;
  private byte[] piece = new byte[0];
  private long pieceStart;

  /** A log on this volume. */
  Log(Metadata metadata) {
    SuperBlock superBlock = metadata.superBlock();
    this.metadata = metadata;
    this.start = metadata.geometry().offset(superBlock.logstart());
    this.blocks = superBlock.logblocks() << metadata.geometry().blockLog() - 9;
  }

  /**
   * What the log holds.
   *
   * @param clean whether nothing needs to be replayed
   * @param text for people
   */
  record State(boolean clean, String text) {}

  /**
   * Looks for the last record.
   *
   * @throws CorruptImage when there is none where the rounds change
   */
  State state() throws IOException {
    long head = head();
    if (head < 0) {
      return new State(true, "empty");
    }
    long last = recordBefore(head, Math.min(blocks, 2L * UNORDERED_BLOCKS));
    if (last < 0) {
      throw corrupt(head, "no record before the head", "a record");
    }
    LogRecord record = LogRecord.parse(view(last));
    long end = wrapped(last + record.headerBlocks() + record.dataBlocks());
    boolean unmounted =
        end == wrapped(head)
            && record.numLogops() == 1
            && (view(wrapped(last + record.headerBlocks())).u8(OPERATION_FLAGS_AT) & UNMOUNT) != 0;
    return unmounted
        ? new State(true, "clean, unmounted in round " + record.cycle())
        : new State(
            false, "dirty: its last record, of round " + record.cycle() + ", is no unmount");
  }

  private long wrapped(long block) {
    return block % blocks;
  }

  /** The block after the last one written; negative when nothing was ever written. */
  private long head() throws IOException {
    long first = cycle(0);
    long last = cycle(blocks - 1);
    if (first == 0) {
      return -1;
    }
    long head;
    long previous;
    if (first == last) {
      // All of one round: the head is at the end, unless something of the round before is left.
      head = blocks;
      previous = last - 1;
    } else {
      head = firstOf(last);
      previous = last;
    }
    return withoutPartial(beforeHoles(head, previous));
  }

  /** The first block of the last round but one, by halves: the rounds before it are newer. */
  private long firstOf(long cycle) throws IOException {
    long low = 0;
    long high = blocks - 1;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (cycle(middle) == cycle) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  /**
   * The head before what was written out of order: blocks of the round before stand shortly ahead
   * of it, or of the round before that at the log's end.
   */
  private long beforeHoles(long head, long previous) throws IOException {
    if (head < UNORDERED_BLOCKS && head < blocks) {
      long found = first(Math.max(head, blocks - UNORDERED_BLOCKS + head), blocks, previous - 1);
      if (found >= 0) {
        return found;
      }
    }
    long found = first(Math.max(0, head - UNORDERED_BLOCKS), head, previous);
    return found < 0 ? head : found;
  }

  private long first(long from, long to, long cycle) throws IOException {
    for (long block = from; block < to; block++) {
      if (cycle(block) == cycle) {
        return block;
      }
    }
    return -1;
  }

  /** The head without a last record that was not written whole. */
  private long withoutPartial(long head) throws IOException {
    long record = recordBefore(head, Math.min(blocks, UNORDERED_BLOCKS));
    if (record < 0) {
      return head;
    }
    LogRecord header = LogRecord.parse(view(record));
    long length = header.headerBlocks() + header.dataBlocks();
    long written = record < head ? head - record : head + blocks - record;
    return written == length ? head : record;
  }

  /** The last record's header before a block; negative when there is none among so many blocks. */
  private long recordBefore(long head, long most) throws IOException {
    for (long i = 1; i <= most; i++) {
      long block = wrapped(head - i + blocks);
      if (u32(block, 0) == Integer.toUnsignedLong(LogRecord.MAGIC)) {
        return block;
      }
    }
    return -1;
  }

  /** The round in which a block was written: its first word, or the second of a header. */
  private long cycle(long block) throws IOException {
    long first = u32(block, 0);
    return first == Integer.toUnsignedLong(LogRecord.MAGIC) ? u32(block, 4) : first;
  }

  private long u32(long block, int at) throws IOException {
    long offset = block * BLOCK;
    if (offset < pieceStart || offset - pieceStart >= piece.length) {
      pieceStart = offset / PIECE * PIECE;
      int length = (int) Math.min(PIECE, blocks * BLOCK - pieceStart);
      piece = metadata.bytes("log", start + pieceStart, length);
    }
    return Integer.toUnsignedLong(
        ByteBuffer.wrap(piece)
            .order(ByteOrder.BIG_ENDIAN)
            .getInt((int) (offset - pieceStart) + at));
  }

  private ByteView view(long block) throws IOException {
    long offset = start + block * BLOCK;
    String structure = "log block " + block;
    return metadata.view(metadata.bytes(structure, offset, BLOCK), structure, offset);
  }

  private CorruptImage corrupt(long head, String found, String allowed) {
    return metadata.corrupt("log, head at block " + Fault.number(head), found, allowed);
  }
}
