package io.diskwright.format.raw;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A RAW image read in order. */
final class RawStream implements ForwardDisk {

  private static final int PIECE = 1 << 20;

  private final ForwardSource source;
  private boolean ended;

  RawStream(ForwardSource source) {
    this.source = source;
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public OptionalLong size() {
    return ended ? OptionalLong.of(source.position()) : OptionalLong.empty();
  }

  @Override
  public @Nullable Extent next() throws IOException {
    long start = source.position();
    byte[] bytes = new byte[PIECE];
    int count = source.read(ByteBuffer.wrap(bytes));
    if (count == 0) {
      ended = true;
      return null;
    }
    byte[] piece = count == PIECE ? bytes : Arrays.copyOf(bytes, count);
    return new Extent.Data(start, count, new MemorySource(describe(), piece), 0);
  }

  @Override
  public ImageInfo info() {
    return ImageInfo.plain(source.position());
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
