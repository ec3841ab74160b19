package io.diskwright.format.raw;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.disk.ForwardPiece;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A RAW image read in order. */
final class RawStream implements ForwardDisk {

  private static final int PIECE = 1 << 20;

  private final ForwardSource source;
  private final byte[] buffer = new byte[PIECE];
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
    int count = source.read(ByteBuffer.wrap(buffer));
    if (count == 0) {
      ended = true;
      return null;
    }
    return ForwardPiece.of(describe(), start, buffer, count);
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
