package io.diskwright.target;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * RAW or fixed VHD in order into a stream: holes are written as zeros, nothing is ever sought. A
 * batch is held in memory until its turn comes.
 */
public final class StreamTarget implements Target {

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 16).asReadOnlyBuffer();

  private final WritableByteChannel channel;
  private final TargetFormat format;
  private final Stamp stamp;
  private long position;

  /**
   * @param stream not closed by the target
   * @param format one whose bytes are the disk's, {@link TargetFormat#plain()}
   */
  StreamTarget(OutputStream stream, TargetFormat format, Stamp stamp) {
    this.channel = Channels.newChannel(stream);
    this.format = format;
    this.stamp = stamp;
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public Writer writer() {
    return new BatchWriter();
  }

  @Override
  public void flush() {}

  @Override
  public long finish(long virtualSize) throws IOException {
    fillTo(virtualSize);
    byte[] trailer = format.trailer(virtualSize, stamp);
    put(ByteBuffer.wrap(trailer));
    return position;
  }

  private void fillTo(long offset) throws IOException {
    while (position < offset) {
      put(ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), offset - position)));
    }
  }

  private void put(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      position += channel.write(bytes);
    }
  }

  @Override
  public void publish() {}

  @Override
  public void close() {}

  private record Piece(long offset, ByteBuffer bytes) {}

  private final class BatchWriter implements Writer {

    private final List<Piece> pieces = new ArrayList<>();

    @Override
    public void write(ByteBuffer bytes, long offset) {
      ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
      pieces.add(new Piece(offset, copy));
    }

    @Override
    public void inTurn() throws IOException {
      for (Piece piece : pieces) {
        if (piece.offset() < position) {
          throw new IllegalStateException("offset " + piece.offset() + " after " + position);
        }
        fillTo(piece.offset());
        put(piece.bytes());
      }
      pieces.clear();
    }

    @Override
    public void close() {}
  }
}
