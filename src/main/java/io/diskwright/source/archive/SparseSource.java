package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import io.diskwright.io.FileRange;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A sparse member with its zeros.
 *
 * @param name for messages
 * @param stored its stretches, one behind the other; the caller's to close
 */
record SparseSource(String name, ByteSource stored, SparseMap map) implements ByteSource {

  @Override
  public long size() {
    return map.size();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    long at = offset;
    int limit = target.limit();
    while (target.position() < limit) {
      SparseMap.Stretch stretch = map.at(at);
      int count = (int) Math.min(limit - target.position(), stretch.length());
      target.limit(target.position() + count);
      if (stretch.place() == SparseMap.Stretch.ZERO) {
        target.put(new byte[count]);
      } else {
        stored.read(stretch.place(), target);
      }
      target.limit(limit);
      at += count;
    }
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public @Nullable FileRange fileRange(long offset, long length) {
    if (offset < 0 || offset >= size() || length > size() - offset) {
      return null;
    }
    SparseMap.Stretch stretch = map.at(offset);
    return stretch.place() == SparseMap.Stretch.ZERO || stretch.length() < length
        ? null
        : stored.fileRange(stretch.place(), length);
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    SparseMap.Stretch stretch = map.at(offset);
    long own = Math.min(length, stretch.length());
    return stretch.place() == SparseMap.Stretch.ZERO
        ? new Run(true, own)
        : stored.runAt(stretch.place(), own);
  }
}
