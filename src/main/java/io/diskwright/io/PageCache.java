package io.diskwright.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The most recently used pages of metadata, shared by all images of a chain, so that memory does
 * not grow with what an image claims. Safe for any thread.
 */
public final class PageCache {

  /** Bytes of a page; pages start at multiples of it. */
  static final int PAGE = 1 << 16;

  private final Map<Key, Page> pages;

  /**
   * @param maxBytes heap the cached pages may take; at least one page is kept
   */
  public PageCache(long maxBytes) {
    long maxPages = Math.max(1, maxBytes / PAGE);
    pages =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Page> eldest) {
            return size() > maxPages;
          }
        };
  }

  /**
   * The page that holds the byte at {@code offset}; the last page of a source is shorter.
   *
   * @throws CorruptImage when the source has no such byte
   */
  Page page(ByteSource source, String structure, long offset) throws IOException {
    source.checkInside(structure, offset, 1);
    var key = new Key(source, offset / PAGE);
    synchronized (pages) {
      Page page = pages.get(key);
      if (page != null) {
        return page;
      }
    }
    long start = key.number * PAGE;
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(PAGE, source.size() - start));
    source.read(start, bytes);
    var page = new Page(start, bytes.flip());
    synchronized (pages) {
      pages.put(key, page);
    }
    return page;
  }

  record Page(long start, ByteBuffer bytes) {}

  private record Key(ByteSource source, long number) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && key.source == source && key.number == number;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(source) * 31 + Long.hashCode(number);
    }
  }
}
