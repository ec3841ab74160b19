package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A file's bytes, read straight from the volume in pieces as long as they lie together.
 *
 * @param size bytes; what lies behind in the last block is not the file's
 */
record FileContent(Metadata metadata, long inode, ExtentMap map, long size) implements ByteSource {

  private static final byte[] ZEROS = new byte[1 << 16];

  /**
   * Bytes that are stored together, or none.
   *
   * @param offset where they lie in the volume; -1 in a hole
   */
  private record Stretch(long offset, long length) {
    boolean isHole() {
      return offset < 0;
    }
  }

  @Override
  public String describe() {
    return metadata.describe() + ", inode " + inode;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("content", offset, target.remaining());
    int limit = target.limit();
    long position = offset;
    try {
      while (target.position() < limit) {
        Stretch stretch = at(position, limit - target.position());
        target.limit(target.position() + (int) stretch.length);
        if (stretch.isHole()) {
          zero(target);
        } else {
          metadata.volume().read(stretch.offset, target);
        }
        position += stretch.length;
        target.limit(limit);
      }
    } finally {
      target.limit(limit);
    }
  }

  private static void zero(ByteBuffer target) {
    while (target.hasRemaining()) {
      target.put(ZEROS, 0, Math.min(ZEROS.length, target.remaining()));
    }
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    checkInside("content", offset, length);
    Stretch stretch = at(offset, length);
    return new Run(stretch.isHole(), stretch.length);
  }

  /** What is stored from a position on, at most so many bytes of it, at least 1. */
  private Stretch at(long position, long most) throws IOException {
    Geometry geometry = metadata.geometry();
    int blockLog = geometry.blockLog();
    long fileBlock = position >>> blockLog;
    long inBlock = position & (1L << blockLog) - 1;
    // Counted in blocks as far as it is asked for, so that no extent's end overflows as bytes.
    long limit = fileBlock + ((most - 1 + inBlock) >>> blockLog) + 1;
    Extent extent = map.find(fileBlock);
    long place = -1;
    long end;
    if (extent == null || extent.offset() > fileBlock || extent.unwritten()) {
      end = holeEnd(extent, fileBlock, limit);
    } else {
      place = geometry.offset(extent.block() + fileBlock - extent.offset()) + inBlock;
      end = storedEnd(extent, limit);
    }
    return new Stretch(place, end >= limit ? most : (end - fileBlock << blockLog) - inBlock);
  }

  private long holeEnd(@Nullable Extent first, long start, long limit) throws IOException {
    Extent next = first;
    long end = start;
    while (end < limit && next != null) {
      if (next.offset() > end) {
        end = next.offset();
      } else if (next.unwritten()) {
        end = next.end();
        next = map.find(end);
      } else {
        return end;
      }
    }
    return limit;
  }

  private long storedEnd(Extent first, long limit) throws IOException {
    Extent last = first;
    while (last.end() < limit) {
      Extent next = map.find(last.end());
      if (next == null || !last.isContinuedBy(next)) {
        break;
      }
      last = next;
    }
    return last.end();
  }
}
