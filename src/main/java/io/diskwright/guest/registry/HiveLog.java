package io.diskwright.guest.registry;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A log beside a hive, of the old kind (the pages of one change) or the new (many changes).
 *
 * @param base the hive's head as the log keeps it
 */
record HiveLog(BaseBlock base, List<LogEntry> entries) {

  private static final int PAGE = 512;
  private static final int NEW_KIND = 6;

  /** A log; empty when it holds nothing that could complete a hive. */
  static Optional<HiveLog> read(ByteSource log) throws IOException {
    if (log.size() < BaseBlock.LENGTH_IN_LOG + PAGE) {
      return Optional.empty();
    }
    BaseBlock base;
    try {
      ByteView head = log.view("log head", 0, BaseBlock.LENGTH_IN_LOG, ByteOrder.LITTLE_ENDIAN);
      base = BaseBlock.parse(head);
    } catch (ImageException e) {
      // A log that was never used is empty, and one that is damaged cannot help.
      return Optional.empty();
    }
    List<LogEntry> entries = base.type() == NEW_KIND ? entries(log) : oldEntries(log, base);
    boolean usable = base.checksumValid() && !entries.isEmpty();
    return usable ? Optional.of(new HiveLog(base, entries)) : Optional.empty();
  }

  /** The entries that follow one another without a gap. */
  private static List<LogEntry> entries(ByteSource log) throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    long offset = BaseBlock.LENGTH_IN_LOG;
    Optional<LogEntry> entry = LogEntry.at(log, offset);
    while (entry.isPresent()) {
      boolean follows =
          entries.isEmpty() || entry.get().sequence() == entries.getLast().sequence() + 1;
      if (!follows) {
        break;
      }
      entries.add(entry.get());
      offset += entry.get().length();
      entry = LogEntry.at(log, offset);
    }
    return entries;
  }

  /** A bit for each page of the bins, and then the pages whose bits are set. */
  private static List<LogEntry> oldEntries(ByteSource log, BaseBlock base) throws IOException {
    ByteView mark = log.view("log", BaseBlock.LENGTH_IN_LOG, 4, ByteOrder.LITTLE_ENDIAN);
    long bits = base.binsSize() / PAGE;
    long bitmapAt = BaseBlock.LENGTH_IN_LOG + 4;
    long bitmapLength = (bits + 7) / 8;
    if (!mark.startsWith(0, "DIRT")
        || base.primarySequence() != base.secondarySequence()
        || bitmapLength > log.size() - bitmapAt) {
      return List.of();
    }
    ByteView bitmap = log.view("log bitmap", bitmapAt, (int) bitmapLength, ByteOrder.LITTLE_ENDIAN);
    long at = (bitmapAt + bitmapLength + PAGE - 1) / PAGE * PAGE;
    List<LogEntry.Page> pages = new ArrayList<>();
    for (long bit = 0; bit < bits; bit++) {
      if ((bitmap.u8((int) (bit / 8)) >> (bit % 8) & 1) == 0) {
        continue;
      }
      if (at > log.size() - PAGE) {
        return List.of();
      }
      pages.add(new LogEntry.Page(bit * PAGE, PAGE, log, at));
      at += PAGE;
    }
    return List.of(new LogEntry(base.primarySequence(), base.binsSize(), log.size(), pages));
  }
}
