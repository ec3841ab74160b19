package io.diskwright.guest.registry;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a log as Windows has written them since 8.1: pages of the hive's bins.
 *
 * @param sequence of the change
 * @param binsSize bytes of the hive's bins after it
 * @param length bytes of the entry in the log
 */
record LogEntry(long sequence, long binsSize, long length, List<Page> pages) {

  private static final int HEADER = 40;
  private static final int REFERENCE = 8;
  private static final int ALIGNMENT = 512;
  private static final int BIN = 4096;
  private static final int MAX_LENGTH = 64 << 20;

  /**
   * A page of the bins.
   *
   * @param offset bytes from the start of the bins
   * @param logOffset where its content lies in the log
   */
  record Page(long offset, long length, ByteSource log, long logOffset) {}

  /** The entry at an offset of a log; empty when there is no whole and unharmed one. */
  static Optional<LogEntry> at(ByteSource log, long offset) throws IOException {
    if (offset > log.size() - HEADER) {
      return Optional.empty();
    }
    ByteView header = log.view("log entry", offset, HEADER, ByteOrder.LITTLE_ENDIAN);
    long length = header.u32(4);
    long binsSize = header.u32(16);
    long count = header.u32(20);
    boolean possible =
        header.startsWith(0, "HvLE")
            && length >= HEADER
            && length <= MAX_LENGTH
            && length % ALIGNMENT == 0
            && length <= log.size() - offset
            && binsSize > 0
            && binsSize % BIN == 0
            && count > 0
            && count <= (length - HEADER) / REFERENCE;
    if (!possible) {
      return Optional.empty();
    }
    byte[] bytes = new byte[(int) length];
    log.read(offset, ByteBuffer.wrap(bytes));
    var entry =
        new ByteView(
            ByteBuffer.wrap(bytes), ByteOrder.LITTLE_ENDIAN, log.describe(), "log entry", offset);
    if (Marvin32.of(bytes, HEADER, bytes.length) != entry.u64(24)
        || Marvin32.of(bytes, 0, 32) != entry.u64(32)) {
      return Optional.empty();
    }
    List<Page> pages = pages(log, entry, (int) count);
    return pages.isEmpty()
        ? Optional.empty()
        : Optional.of(new LogEntry(entry.u32(12), binsSize, length, pages));
  }

  /** Empty when one is not as Windows makes them. */
  private static List<Page> pages(ByteSource log, ByteView entry, int count) throws IOException {
    List<Page> pages = new ArrayList<>();
    long at = HEADER + (long) count * REFERENCE;
    for (int i = 0; i < count; i++) {
      long pageOffset = entry.u32(HEADER + REFERENCE * i);
      long pageLength = entry.u32(HEADER + REFERENCE * i + 4);
      if (pageOffset % ALIGNMENT != 0
          || pageLength % ALIGNMENT != 0
          || pageLength == 0
          || pageLength > entry.length() - at) {
        return List.of();
      }
      pages.add(new Page(pageOffset, pageLength, log, entry.offset() + at));
      at += pageLength;
    }
    return pages;
  }
}
