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

  private static final int PAGE = 512;

  private final ByteSource hive;
  private final long size;
  private final NavigableMap<Long, Piece> pieces = new TreeMap<>();

  private record Piece(ByteSource log, long offset) {}

  /**
   * @param size bytes of the hive after the last change
   */
  RecoveredSource(ByteSource hive, long size, List<LogEntry> entries) {
    this.hive = hive;
    this.size = size;
    for (LogEntry entry : entries) {
      for (LogEntry.Page page : entry.pages()) {
        for (long at = 0; at + PAGE <= page.length(); at += PAGE) {
          pieces.put(
              BaseBlock.LENGTH + page.offset() + at, new Piece(page.log(), page.logOffset() + at));
        }
      }
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
    while (target.hasRemaining()) {
      Map.Entry<Long, Piece> piece = pieces.floorEntry(position);
      int limit = target.limit();
      int length;
      if (piece != null && position < piece.getKey() + PAGE) {
        long within = position - piece.getKey();
        length = (int) Math.min(target.remaining(), PAGE - within);
        target.limit(target.position() + length);
        piece.getValue().log.read(piece.getValue().offset + within, target);
      } else {
        Long next = pieces.higherKey(position);
        long end = next == null ? size : next;
        length = (int) Math.min(target.remaining(), end - position);
        target.limit(target.position() + length);
        hive.read(position, target);
      }
      target.limit(limit);
      position += length;
    }
  }
}
