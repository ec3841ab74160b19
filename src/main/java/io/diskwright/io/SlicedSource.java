package io.diskwright.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A window of another source, already checked to lie inside it; the parent is the caller's to
 * close.
 */
record SlicedSource(ByteSource parent, String name, long start, long size) implements ByteSource {

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    parent.read(start + offset, target);
  }

  @Override
  public String describe() {
    return parent.describe() + "[" + name + "]";
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    return parent.runAt(start + offset, length);
  }

  @Override
  public @Nullable FileRange fileRange(long offset, long length) {
    return offset < 0 || length < 0 || offset > size || length > size - offset
        ? null
        : parent.fileRange(start + offset, length);
  }
}
