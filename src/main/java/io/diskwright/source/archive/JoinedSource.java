package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import io.diskwright.io.FileRange;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several sources, one behind the other: the chunks of a disk. They are the caller's to close. */
final class JoinedSource implements ByteSource {

  private final String name;
  private final List<ByteSource> parts;
  private final long[] starts;
  private final long size;

  /**
   * @param parts whose sizes have a sum below 2^63
   */
  JoinedSource(String name, List<ByteSource> parts) {
    this.name = name;
    this.parts = parts.stream().filter(p -> p.size() > 0).toList();
    this.starts = new long[this.parts.size()];
    long end = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = end;
      end += this.parts.get(i).size();
    }
    this.size = end;
  }

  @Override
  public long size() {
    return size;
  }

  private int partAt(long offset) {
    int found = Arrays.binarySearch(starts, offset);
    return found >= 0 ? found : -found - 2;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    long at = offset;
    int limit = target.limit();
    while (target.position() < limit) {
      int index = partAt(at);
      ByteSource part = parts.get(index);
      long inside = at - starts[index];
      int count = (int) Math.min(limit - target.position(), part.size() - inside);
      part.read(inside, target.limit(target.position() + count));
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
    if (offset < 0 || offset >= size) {
      return null;
    }
    int index = partAt(offset);
    return parts.get(index).fileRange(offset - starts[index], length);
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    int index = partAt(offset);
    ByteSource part = parts.get(index);
    long inside = offset - starts[index];
    return part.runAt(inside, Math.min(length, part.size() - inside));
  }
}
