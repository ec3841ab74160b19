package io.diskwright.guest.registry;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A log beside a hive, of the old kind (the pages of one change) or the new (many changes).
 *
 * @param base the hive's head as the log keeps it
 */
record HiveLog(BaseBlock base, List<LogEntry> entries) {

  private static final int PAGE = 512;
  private static final int BIN = 4096;
  private static final int NEW_KIND = 6;
  private static final int OLD_KIND = 1;
  private static final int OLDEST_KIND = 2;

  /** Windows starts a log anew long before. */
  private static final long MAX_LENGTH = 128 << 20;

  /** A log; empty when it holds nothing that could complete a hive. */
  static Optional<HiveLog> read(ByteSource log) throws IOException {
    if (log.size() < BaseBlock.LENGTH_IN_LOG + PAGE) {
      return Optional.empty();
    }
    if (log.size() > MAX_LENGTH) {
      throw new LimitExceeded(
          log.describe(), "log", 0, log.size() + " bytes", "at most " + MAX_LENGTH);
    }
    BaseBlock base;
    try {
      ByteView head = log.view("log head", 0, BaseBlock.LENGTH_IN_LOG, ByteOrder.LITTLE_ENDIAN);
      base = BaseBlock.parse(head);
    } catch (ImageException e) {
      // A log that was never used is empty, and one that is damaged cannot help.
      return Optional.empty();
    }
    if (base.isDirty()) {
      return Optional.empty();
    }
    List<LogEntry> entries =
        switch (base.type()) {
          case NEW_KIND -> entries(log, base.primarySequence());
          case OLD_KIND, OLDEST_KIND -> oldEntries(log, base);
          default -> List.of();
        };
    return entries.isEmpty() ? Optional.empty() : Optional.of(new HiveLog(base, entries));
  }

  boolean isNewKind() {
    return base.type() == NEW_KIND;
  }

  /** The entries that follow one another without a gap; older ones may lie behind them. */
  private static List<LogEntry> entries(ByteSource log, long first) throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    long offset = BaseBlock.LENGTH_IN_LOG;
    Optional<LogEntry> entry = LogEntry.at(log, offset);
    while (entry.isPresent() && entry.get().sequence() == first + entries.size()) {
      entries.add(entry.get());
      offset += entry.get().length();
      entry = LogEntry.at(log, offset);
    }
    return entries;
  }

  /** A bit for each page of the bins, and then the pages whose bits are set. */
  private static List<LogEntry> oldEntries(ByteSource log, BaseBlock base) throws IOException {
    ByteView mark = log.view("log", BaseBlock.LENGTH_IN_LOG, 4, ByteOrder.LITTLE_ENDIAN);
    long bitmapAt = BaseBlock.LENGTH_IN_LOG + 4;
    long bitmapLength = base.binsSize() / BIN;
    if (!mark.startsWith(0, "DIRT")
        || base.binsSize() % BIN != 0
        || bitmapLength > log.size() - bitmapAt) {
      return List.of();
    }
    ByteView view = log.view("log bitmap", bitmapAt, (int) bitmapLength, ByteOrder.LITTLE_ENDIAN);
    BitSet bitmap = BitSet.valueOf(view.bytes(0, (int) bitmapLength));
    long at = (bitmapAt + bitmapLength + PAGE - 1) / PAGE * PAGE;
    List<LogEntry.Page> pages = new ArrayList<>();
    for (int bit = bitmap.nextSetBit(0); bit >= 0; ) {
      int end = bitmap.nextClearBit(bit);
      long length = (long) (end - bit) * PAGE;
      if (length > log.size() - at) {
        return List.of();
      }
      pages.add(new LogEntry.Page((long) bit * PAGE, length, log, at));
      at += length;
      bit = bitmap.nextSetBit(end);
    }
    return List.of(new LogEntry(base.primarySequence(), base.binsSize(), log.size(), pages));
  }
}
