package io.diskwright.guest.os;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A file of a guest as random-access bytes. Closing it closes the channel. */
final class ChannelSource implements ByteSource {

  private final SeekableByteChannel channel;
  private final String name;
  private final long size;

  ChannelSource(SeekableByteChannel channel, String name) throws IOException {
    this.channel = channel;
    this.name = name;
    this.size = channel.size();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    synchronized (channel) {
      channel.position(offset);
      while (target.hasRemaining()) {
        if (channel.read(target) < 0) {
          throw new CorruptImage(
              name, "data", offset, "the file's end", size + " bytes, as when it was opened");
        }
      }
    }
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
