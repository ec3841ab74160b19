package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The log entries that must be replayed: those from the tail to the head of the valid sequence with
 * the highest sequence number.
 *
 * @param entries in the order in which they were written, at least one
 */
record LogSequence(List<LogEntryHeader> entries) {

  /** Hyper-V and qemu make logs of 1 MiB. */
  private static final long MAX_LOG = 256 << 20;

  /**
   * How often the entries found may cover the log: once by those that count, once more by old ones
   * that are partly overwritten, and some more for good measure.
   */
  private static final int MAX_COVER = 4;

  /** The newest entry; it tells what the file looked like. */
  LogEntryHeader head() {
    return entries.getLast();
  }

  /**
   * Finds the active sequence.
   *
   * @param guid what entries of this log carry
   * @throws CorruptImage when there is none, or two with one number
   */
  static LogSequence find(LogRing ring, UUID guid) throws IOException {
    if (ring.length() > MAX_LOG) {
      throw new LimitExceeded(
          ring.source().describe(),
          "log",
          ring.region().offset(),
          Fault.number(ring.length()) + " bytes to search",
          "up to " + Fault.number(MAX_LOG));
    }
    var search = new Search(ring, guid);
    search.collect();
    return search.active();
  }

  private static final class Search {
    private final LogRing ring;
    private final UUID guid;
    private final Map<Long, LogEntryHeader> valid = new HashMap<>();
    private String rejected = "";

    Search(LogRing ring, UUID guid) {
      this.ring = ring;
      this.guid = guid;
    }

    /** Finds every entry that is sound in itself, wherever it starts. */
    void collect() throws IOException {
      long left = MAX_COVER * ring.length();
      for (long at = 0; at < ring.length(); at += LogRing.SECTOR) {
        ByteView sector = ring.sector("log entry", at);
        if (!sector.startsWith(0, LogEntryHeader.SIGNATURE)) {
          continue;
        }
        LogEntryHeader entry = LogEntryHeader.parse(sector, at);
        if (!entry.logGuid().equals(guid)) {
          reject(at, "LogGuid " + Guid.text(entry.logGuid()));
        } else if (isPossible(entry)) {
          left -= entry.entryLength();
          if (left < 0) {
            throw sector.tooLarge(
                "EntryLength",
                LogEntryHeader.ENTRY_LENGTH_AT,
                "entries that cover the log more than " + MAX_COVER + " times",
                "entries one behind the other");
          }
          if (ring.isSound(entry)) {
            valid.put(at, entry);
          } else {
            reject(at, "Checksum " + Fault.number(entry.checksum()));
          }
        }
      }
    }

    /** Whether the numbers of a header can be those of an entry. */
    private boolean isPossible(LogEntryHeader entry) {
      long length = entry.entryLength();
      if (length == 0 || length % LogRing.SECTOR != 0 || length > ring.length()) {
        reject(entry.at(), "EntryLength " + Fault.number(length));
      } else if (entry.descriptorSectors() > length / LogRing.SECTOR) {
        reject(entry.at(), "DescriptorCount " + Fault.number(entry.descriptorCount()));
      } else if (entry.tail() % LogRing.SECTOR != 0 || entry.tail() >= ring.length()) {
        reject(entry.at(), "Tail " + Fault.number(entry.tail()));
      } else if (entry.sequenceNumber() == 0) {
        reject(entry.at(), "SequenceNumber 0");
      } else {
        return true;
      }
      return false;
    }

    /** Keeps the first reason for the message; what old entries look like is no fault. */
    private void reject(long at, String reason) {
      if (rejected.isEmpty()) {
        rejected =
            "; the first entry that is not valid, at "
                + Fault.number(ring.fileOffset(at))
                + ", has "
                + reason;
      }
    }

    LogSequence active() throws CorruptImage {
      List<LogEntryHeader> newestFirst =
          valid.values().stream()
              .sorted((a, b) -> Long.compareUnsigned(b.sequenceNumber(), a.sequenceNumber()))
              .toList();
      // Where each entry's successors end; they have higher numbers, so theirs are known already.
      var ends = new HashMap<Long, LogEntryHeader>();
      List<LogEntryHeader> found = List.of();
      for (LogEntryHeader entry : newestFirst) {
        LogEntryHeader next = successor(entry);
        ends.put(entry.at(), next == null ? entry : ends.getOrDefault(next.at(), next));
      }
      for (LogEntryHeader head : newestFirst) {
        if (!found.isEmpty() && found.getLast().sequenceNumber() != head.sequenceNumber()) {
          break;
        }
        boolean complete = ends.get(head.at()) == head && ends.get(head.tail()) == head;
        List<LogEntryHeader> sequence = complete ? sequenceTo(head) : List.of();
        if (!sequence.isEmpty() && !found.isEmpty()) {
          throw refused(
              "two sequences that end in SequenceNumber " + Fault.number(head.sequenceNumber()));
        }
        found = found.isEmpty() ? sequence : found;
      }
      if (found.isEmpty()) {
        throw refused("a LogGuid, but no valid sequence of entries" + rejected);
      }
      return new LogSequence(List.copyOf(found));
    }

    /** The valid entry behind another one, if there is one. */
    private @Nullable LogEntryHeader successor(LogEntryHeader entry) {
      LogEntryHeader next = valid.get(ring.wrapped(entry.at() + entry.entryLength()));
      return next != null && next.sequenceNumber() == entry.sequenceNumber() + 1 ? next : null;
    }

    /** The entries from a head's tail to the head; empty when they bite their own tail. */
    private List<LogEntryHeader> sequenceTo(LogEntryHeader head) {
      var sequence = new ArrayList<LogEntryHeader>();
      long left = ring.length();
      for (LogEntryHeader entry = valid.get(head.tail()); entry != null; entry = successor(entry)) {
        sequence.add(entry);
        left -= entry.entryLength();
      }
      return left < 0 ? List.of() : sequence;
    }

    private CorruptImage refused(String found) {
      return new CorruptImage(
          ring.source().describe(),
          "log",
          ring.region().offset(),
          found,
          "one sequence of entries whose checksums, LogGuid and SequenceNumber are right",
          "Attach the image once where it was made, which repairs it, or copy it again");
    }
  }
}
