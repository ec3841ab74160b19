package io.diskwright.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A source whose short reads go through a cache, for metadata that lies close together and is read
 * in small pieces. Long reads go past it. The parent is the caller's to close.
 *
 * @param parent where the bytes come from
 * @param pages holds what was read; may be shared by several sources
 */
public record CachedSource(ByteSource parent, PageCache pages) implements ByteSource {

  /** Reads of more bytes than this are for content, which would push the metadata out. */
  private static final int LONGEST_CACHED = PageCache.PAGE / 2;

  @Override
  public long size() {
    return parent.size();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    if (target.remaining() > LONGEST_CACHED) {
      parent.read(offset, target);
      return;
    }
    checkInside("data", offset, target.remaining());
    long position = offset;
    while (target.hasRemaining()) {
      PageCache.Page page = pages.page(parent, "data", position);
      int from = (int) (position - page.start());
      int length = Math.min(target.remaining(), page.bytes().limit() - from);
      target.put(target.position(), page.bytes(), from, length);
      target.position(target.position() + length);
      position += length;
    }
  }

  @Override
  public String describe() {
    return parent.describe();
  }

  @Override
  public @Nullable FileRange fileRange(long offset, long length) {
    return parent.fileRange(offset, length);
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    return parent.runAt(offset, length);
  }
}
