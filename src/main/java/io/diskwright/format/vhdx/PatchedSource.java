package io.diskwright.format.vhdx;

import io.diskwright.io.ByteSource;
import io.diskwright.io.FileRange;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file with some stretches replaced, and zeros behind its end. Closing it closes the file. */
final class PatchedSource implements ByteSource {

  private final ByteSource base;
  private final long size;
  private final NavigableMap<Long, Piece> pieces;

  private PatchedSource(ByteSource base, long size, NavigableMap<Long, Piece> pieces) {
    this.base = base;
    this.size = size;
    this.pieces = pieces;
  }

  /**
   * Bytes that stand in for those of the file; pieces do not overlap.
   *
   * @param end where it ends in the file, exclusive
   * @param bytes all of them; null for zeros
   */
  private record Piece(long end, byte @Nullable [] bytes) {}

  /** Changes as they are collected; later ones hide earlier ones. For one thread. */
  static final class Changes {

    /** 32 MiB of sectors; what fits into the usual log of 1 MiB are 255. */
    private static final int MAX_PIECES = 1 << 13;

    private final ByteSource base;
    private final NavigableMap<Long, Piece> pieces = new TreeMap<>();

    Changes(ByteSource base) {
      this.base = base;
    }

    /**
     * Replaces a stretch by zeros.
     *
     * @param from where the change is described, for messages
     */
    void zero(long offset, long length, long from) throws LimitExceeded {
      if (length > 0) {
        put(offset, new Piece(offset + length, null), from);
      }
    }

    /** Replaces bytes; the array is not changed any more. */
    void replace(long offset, byte[] bytes, long from) throws LimitExceeded {
      put(offset, new Piece(offset + bytes.length, bytes), from);
    }

    /** All offsets are multiples of a sector, so only zeros can be cut. */
    private void put(long start, Piece piece, long from) throws LimitExceeded {
      Map.Entry<Long, Piece> before = pieces.lowerEntry(start);
      if (before != null && before.getValue().end > start) {
        pieces.put(before.getKey(), new Piece(start, null));
        keepRest(before.getValue(), piece.end);
      }
      NavigableMap<Long, Piece> hidden = pieces.subMap(start, true, piece.end, false);
      if (!hidden.isEmpty()) {
        Piece last = hidden.lastEntry().getValue();
        hidden.clear();
        keepRest(last, piece.end);
      }
      pieces.put(start, piece);
      if (pieces.size() > MAX_PIECES) {
        throw new LimitExceeded(
            base.describe(),
            "log descriptor",
            from,
            "more than " + MAX_PIECES + " changed stretches",
            "up to that, which are kept in memory",
            "Attach the image once where it was made, which empties the log");
      }
    }

    private void keepRest(Piece piece, long from) {
      if (piece.end > from) {
        pieces.put(from, new Piece(piece.end, null));
      }
    }

    /** The file with the changes over it, {@code size} bytes long, at least as long as it is. */
    PatchedSource over(long size) {
      return new PatchedSource(base, size, new TreeMap<>(pieces));
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String describe() {
    return base.describe();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    int limit = target.limit();
    long position = offset;
    while (target.position() < limit) {
      Map.Entry<Long, Piece> piece = pieceAt(position);
      int length = (int) Math.min(limit - target.position(), uniform(position, piece));
      target.limit(target.position() + length);
      if (piece == null && position < base.size()) {
        base.read(position, target);
      } else if (piece == null || piece.getValue().bytes == null) {
        target.put(new byte[length]);
      } else {
        target.put(piece.getValue().bytes, (int) (position - piece.getKey()), length);
      }
      target.limit(limit);
      position += length;
    }
  }

  /** The piece that holds a byte, if one does. */
  private Map.@Nullable Entry<Long, Piece> pieceAt(long offset) {
    Map.Entry<Long, Piece> piece = pieces.floorEntry(offset);
    return piece != null && offset < piece.getValue().end ? piece : null;
  }

  /** How many bytes from {@code offset} on are had in one way. */
  private long uniform(long offset, Map.@Nullable Entry<Long, Piece> piece) {
    if (piece != null) {
      return piece.getValue().end - offset;
    }
    Long next = pieces.higherKey(offset);
    long end = next == null ? size : next;
    return (offset < base.size() ? Math.min(end, base.size()) : end) - offset;
  }

  @Override
  public @Nullable FileRange fileRange(long offset, long length) {
    return offset >= 0
            && offset < base.size()
            && length <= uniform(offset, pieceAt(offset))
            && pieceAt(offset) == null
        ? base.fileRange(offset, length)
        : null;
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    Map.Entry<Long, Piece> piece = pieceAt(offset);
    long uniform = Math.min(length, uniform(offset, piece));
    if (piece == null && offset < base.size()) {
      return base.runAt(offset, uniform);
    }
    return new Run(piece == null || piece.getValue().bytes == null, uniform);
  }

  @Override
  public void close() throws IOException {
    base.close();
  }
}
