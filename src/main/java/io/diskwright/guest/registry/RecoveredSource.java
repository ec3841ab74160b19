package io.diskwright.guest.registry;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A hive whose bins are read from its logs where those hold something newer. */
final class RecoveredSource implements ByteSource {

  private final ByteSource hive;
  private final long size;

  /** By their offsets in the hive; none overlap. */
  private final NavigableMap<Long, Piece> pieces = new TreeMap<>();

  private record Piece(long length, ByteSource log, long offset) {

    Piece from(long skipped) {
      return new Piece(length - skipped, log, offset + skipped);
    }

    Piece first(long kept) {
      return new Piece(kept, log, offset);
    }
  }

  /**
   * @param size bytes of the hive after the last change
   * @param entries in their order: what is later hides what is before
   */
  RecoveredSource(ByteSource hive, long size, List<LogEntry> entries) {
    this.hive = hive;
    this.size = size;
    for (LogEntry entry : entries) {
      for (LogEntry.Page page : entry.pages()) {
        long start = BaseBlock.LENGTH + page.offset();
        cut(start, start + page.length());
        pieces.put(start, new Piece(page.length(), page.log(), page.logOffset()));
      }
    }
  }

  /** Leaves only what lies outside of a range. */
  private void cut(long start, long end) {
    Map.Entry<Long, Piece> last = pieces.lowerEntry(end);
    while (last != null && last.getKey() + last.getValue().length() > start) {
      long at = last.getKey();
      Piece piece = last.getValue();
      pieces.remove(at);
      if (piece.length() > end - at) {
        pieces.put(end, piece.from(end - at));
      }
      if (at < start) {
        pieces.put(at, piece.first(start - at));
      }
      last = pieces.lowerEntry(end);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String describe() {
    return hive.describe();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    long position = offset;
    int limit = target.limit();
    while (target.hasRemaining()) {
      Map.Entry<Long, Piece> piece = pieces.floorEntry(position);
      int from = target.position();
      if (piece != null && position - piece.getKey() < piece.getValue().length()) {
        Piece rest = piece.getValue().from(position - piece.getKey());
        limit(target, rest.length());
        rest.log().read(rest.offset(), target);
      } else {
        Long next = pieces.higherKey(position);
        limit(target, (next == null ? size : next) - position);
        readHive(position, target);
      }
      position += target.position() - from;
      target.limit(limit);
    }
  }

  private static void limit(ByteBuffer target, long length) {
    target.limit(target.position() + (int) Math.min(target.remaining(), length));
  }

  /**
   * Behind the end of the hive are zeros, as Windows finds them when it has made the file longer.
   */
  private void readHive(long position, ByteBuffer target) throws IOException {
    int end = target.limit();
    limit(target, Math.max(0, hive.size() - position));
    if (target.hasRemaining()) {
      hive.read(position, target);
    }
    target.limit(end);
    target.put(new byte[target.remaining()]);
  }
}
