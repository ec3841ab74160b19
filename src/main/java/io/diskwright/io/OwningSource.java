package io.diskwright.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes whose closing closes what they come from.
 *
 * @param part the bytes; closed by {@code owned}, or nothing to close
 */
public record OwningSource(ByteSource part, Closeable owned) implements ByteSource {

  @Override
  public long size() {
    return part.size();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    part.read(offset, target);
  }

  @Override
  public String describe() {
    return part.describe();
  }

  @Override
  public @Nullable FileRange fileRange(long offset, long length) {
    return part.fileRange(offset, length);
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    return part.runAt(offset, length);
  }

  @Override
  public void close() throws IOException {
    owned.close();
  }
}
