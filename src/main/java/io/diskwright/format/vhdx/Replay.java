package io.diskwright.format.vhdx;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Replays a log in memory: the file is read as it would be after its writer had put into place what
 * the log holds. Nothing is written.
 *
 * @param image the file's bytes with the log's changes over them
 * @param entries log entries that were replayed, 0 for an empty log
 * @param changes descriptors in them
 * @param growth bytes that replaying adds to the end of the file
 */
record Replay(ByteSource image, int entries, long changes, long growth) {

  /** The headers are not changed through the log; the region tables behind them may be. */
  private static final Region HEADERS = new Region("headers", 0, 192 << 10);

  /** Replay makes the file as long as the log says; no writer is further ahead of its file. */
  private static final long MAX_GROWTH = 1 << 30;

  /**
   * Replays the log of an image.
   *
   * @throws CorruptImage when the log is not empty and there is nothing in it that can be replayed,
   *     or a change goes where it cannot
   * @throws LimitExceeded when it holds more than is kept in memory
   */
  static Replay of(ByteSource source, Header header) throws IOException {
    if (header.logGuid().equals(Guid.ZERO)) {
      return new Replay(source, 0, 0, 0);
    }
    var ring = new LogRing(source, header.log());
    LogSequence sequence = LogSequence.find(ring, header.logGuid());
    var changes = new PatchedSource.Changes(source);
    long size = sizeAfter(ring, sequence.head());
    long count = 0;
    for (LogEntryHeader entry : sequence.entries()) {
      apply(ring, entry, size, changes);
      count += entry.descriptorCount();
    }
    return new Replay(changes.over(size), sequence.entries().size(), count, size - source.size());
  }

  /** The length that replaying gives the file. */
  private static long sizeAfter(LogRing ring, LogEntryHeader head) throws IOException {
    ByteView view = ring.sector("log entry", head.at());
    long size = ring.source().size();
    if (head.flushedFileOffset() < 0 || head.flushedFileOffset() > size) {
      throw new CorruptImage(
          view.source(),
          "log entry FlushedFileOffset",
          view.offset() + LogEntryHeader.FLUSHED_FILE_OFFSET_AT,
          Fault.number(head.flushedFileOffset()),
          "up to the file's length " + Fault.number(size),
          "The file is truncated; copy it again");
    }
    if (head.lastFileOffset() < 0 || head.lastFileOffset() - size > MAX_GROWTH) {
      throw view.tooLarge(
          "LastFileOffset",
          LogEntryHeader.LAST_FILE_OFFSET_AT,
          Fault.number(head.lastFileOffset()),
          "up to 1 GiB beyond the file's length " + Fault.number(size));
    }
    return Math.max(size, head.lastFileOffset());
  }

  private static void apply(
      LogRing ring, LogEntryHeader entry, long size, PatchedSource.Changes changes)
      throws IOException {
    long dataSector = entry.descriptorSectors();
    ByteView sector = ring.sector("log descriptor", entry.at());
    for (long i = 0; i < entry.descriptorCount(); i++) {
      long position = LogEntryHeader.SIZE + i * LogDescriptor.SIZE;
      int at = (int) (position % LogRing.SECTOR);
      if (at == 0) {
        sector = ring.sector("log descriptor", entry.at() + position);
      }
      LogDescriptor descriptor = LogDescriptor.parse(sector, at, entry.sequenceNumber());
      checkPlace(sector, at, descriptor, ring.region(), size);
      switch (descriptor) {
        case LogDescriptor.Zero zero ->
            changes.zero(zero.fileOffset(), zero.length(), sector.offset() + at);
        case LogDescriptor.Data data -> {
          byte[] bytes = content(ring, entry, dataSector++, data);
          changes.replace(data.fileOffset(), bytes, sector.offset() + at);
        }
      }
    }
  }

  private static void checkPlace(ByteView view, int at, LogDescriptor change, Region log, long size)
      throws CorruptImage {
    long offset = change.fileOffset();
    long length = change.length();
    String found = Fault.number(length) + " bytes at " + Fault.number(offset);
    int field = at + LogDescriptor.FILE_OFFSET_AT;
    if (offset < 0 || offset > size || length < 0 || length > size - offset) {
      throw view.corrupt(
          "FileOffset", field, found, "inside the file, which the log makes " + size + " long");
    }
    if (log.overlaps(offset, length) || HEADERS.overlaps(offset, length)) {
      throw view.corrupt(
          "FileOffset",
          field,
          found + ", over the " + (log.overlaps(offset, length) ? "log itself" : "headers"),
          "changes to what the log is for");
    }
  }

  /** The sector as it is to be: its ends are in the descriptor, its middle in the data sector. */
  private static byte[] content(
      LogRing ring, LogEntryHeader entry, long sector, LogDescriptor.Data descriptor)
      throws IOException {
    if (sector >= entry.entryLength() / LogRing.SECTOR) {
      ByteView header = ring.sector("log entry", entry.at());
      throw header.corrupt(
          "EntryLength",
          LogEntryHeader.ENTRY_LENGTH_AT,
          Fault.number(entry.entryLength()),
          "one data sector for each data descriptor");
    }
    ByteView data = ring.sector("log data sector", entry.at() + sector * LogRing.SECTOR);
    if (!data.startsWith(0, "data")) {
      throw data.corrupt(
          "DataSignature", 0, "'" + data.text(0, 4, StandardCharsets.ISO_8859_1) + "'", "data");
    }
    long sequence = data.u32(4) << 32 | data.u32(LogRing.SECTOR - Integer.BYTES);
    if (sequence != entry.sequenceNumber()) {
      throw data.corrupt(
          "SequenceHigh, SequenceLow",
          4,
          Fault.number(sequence),
          Fault.number(entry.sequenceNumber()) + ", the entry's");
    }
    ByteBuffer bytes =
        ByteBuffer.wrap(data.bytes(0, LogRing.SECTOR)).order(ByteOrder.LITTLE_ENDIAN);
    return bytes
        .putLong(0, descriptor.leadingBytes())
        .putInt(LogRing.SECTOR - Integer.BYTES, (int) descriptor.trailingBytes())
        .array();
  }
}
