package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.util.UUID;

/**
 * The first 64 bytes of a log entry.
 *
 * @param checksum of the whole entry
 * @param entryLength bytes, a multiple of 4,096
 * @param tail where the oldest entry that must be replayed starts, in bytes from the start of the
 *     log
 * @param sequenceNumber unsigned, one more than that of the entry before
 * @param descriptorCount descriptors behind this header
 * @param flushedFileOffset the file was at least as long when the entry was written, in bytes
 * @param lastFileOffset everything allocated lies before this, in bytes
 * @param at where the entry starts, in bytes from the start of the log
 */
record LogEntryHeader(
    long checksum,
    long entryLength,
    long tail,
    long sequenceNumber,
    long descriptorCount,
    UUID logGuid,
    long flushedFileOffset,
    long lastFileOffset,
    long at) {

  static final String SIGNATURE = "loge";
  static final int SIZE = 64;
  static final int ENTRY_LENGTH_AT = 8;
  static final int TAIL_AT = 12;
  static final int DESCRIPTOR_COUNT_AT = 24;
  static final int FLUSHED_FILE_OFFSET_AT = 48;
  static final int LAST_FILE_OFFSET_AT = 56;

  /**
   * Parses the header; nothing is checked yet, since old entries that are half overwritten are
   * normal.
   */
  static LogEntryHeader parse(ByteView view, long at) throws CorruptImage {
    return new LogEntryHeader(
        view.u32(Copy.CHECKSUM_AT),
        view.u32(ENTRY_LENGTH_AT),
        view.u32(TAIL_AT),
        view.u64(16),
        view.u32(DESCRIPTOR_COUNT_AT),
        Guid.parse(view, 32),
        view.u64(FLUSHED_FILE_OFFSET_AT),
        view.u64(LAST_FILE_OFFSET_AT),
        at);
  }

  /** Sectors of the header and the descriptors behind it. */
  long descriptorSectors() {
    return Math.ceilDiv(SIZE + descriptorCount * LogDescriptor.SIZE, LogRing.SECTOR);
  }
}
