package io.diskwright.io;

import java.io.IOException;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A table of 32- or 64-bit entries in a source (an L1 or L2 table, a grain table, a BAT, a block
 * map), read through a {@link PageCache}: its memory does not depend on its length. Safe for any
 * thread.
 */
public final class EntryTable {

  private final PageCache cache;
  private final ByteSource source;
  private final String structure;
  private final long offset;
  private final long count;
  private final int entrySize;
  private final ByteOrder order;
  private volatile PageCache.@Nullable Page last;

  /**
   * @param structure what the table is, for messages
   * @param offset bytes from the start of the source
   * @param count entries
   * @param entrySize 4 or 8 bytes
   * @throws CorruptImage when the table does not lie inside the source
   */
  public EntryTable(
      PageCache cache,
      ByteSource source,
      String structure,
      long offset,
      long count,
      int entrySize,
      ByteOrder order)
      throws CorruptImage {
    if (entrySize != Integer.BYTES && entrySize != Long.BYTES) {
      throw new IllegalArgumentException("entrySize " + entrySize);
    }
    if (offset < 0
        || offset > source.size()
        || count < 0
        || count > (source.size() - offset) / entrySize) {
      throw new CorruptImage(
          source.describe(),
          structure,
          offset,
          Fault.number(count) + " entries of " + entrySize + " bytes, past the end",
          "inside the file's " + Fault.number(source.size()) + " bytes",
          "The file is truncated or damaged; copy or download it again");
    }
    this.cache = cache;
    this.source = source;
    this.structure = structure;
    this.offset = offset;
    this.count = count;
    this.entrySize = entrySize;
    this.order = order;
  }

  /** How many entries the table has. */
  public long count() {
    return count;
  }

  /** Where an entry lies, in bytes from the start of the source. */
  public long entryOffset(long index) {
    return offset + index * entrySize;
  }

  /**
   * An entry; 32-bit entries are unsigned, 64-bit ones are as they stand.
   *
   * @param index from 0 to below {@link #count()}
   */
  public long get(long index) throws IOException {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException(structure + " entry " + index + " of " + count);
    }
    long at = offset + index * entrySize;
    PageCache.Page page = last;
    if (page == null || at < page.start() || at - page.start() >= page.bytes().limit()) {
      page = cache.page(source, structure, at);
      last = page;
    }
    int inPage = (int) (at - page.start());
    if (entrySize > page.bytes().limit() - inPage) {
      return straddling(at);
    }
    return entrySize == Integer.BYTES
        ? Integer.toUnsignedLong(ordered(page.bytes().getInt(inPage)))
        : ordered(page.bytes().getLong(inPage));
  }

  private long straddling(long at) throws IOException {
    ByteView view = source.view(structure, at, entrySize, order);
    return entrySize == Integer.BYTES ? view.u32(0) : view.u64(0);
  }

  /**
   * Pages are shared between tables of either order, so they stay big-endian, the buffer default.
   */
  private int ordered(int value) {
    return order == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
  }

  private long ordered(long value) {
    return order == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
  }
}
