package io.diskwright.target;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.FileRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** RAW or fixed VHD in a file with holes: the disk's bytes from offset 0, then the trailer. */
public final class FileTarget implements Target {

  private final PartialFile file;
  private final TargetFormat format;
  private final Stamp stamp;

  /**
   * @param file closed with the target
   * @param format one whose bytes are the disk's, {@link TargetFormat#plain()}
   */
  FileTarget(PartialFile file, TargetFormat format, Stamp stamp) {
    this.file = file;
    this.format = format;
    this.stamp = stamp;
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public Writer writer() throws IOException {
    return new PlainWriter(file.openChannel());
  }

  @Override
  public void flush() throws IOException {
    file.flush();
  }

  @Override
  public long finish(long virtualSize) throws IOException {
    file.setLength(virtualSize);
    ByteBuffer trailer = ByteBuffer.wrap(format.trailer(virtualSize, stamp));
    for (long at = virtualSize; trailer.hasRemaining(); ) {
      at += file.channel().write(trailer, at);
    }
    return file.finish();
  }

  @Override
  public void publish() throws IOException {
    file.publish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static final class PlainWriter implements Writer {

    private final FileChannel channel;

    PlainWriter(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public boolean copies() {
      return true;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      long position = offset;
      while (bytes.hasRemaining()) {
        position += channel.write(bytes, position);
      }
    }

    @Override
    public void copy(FileRange range, long offset) throws IOException {
      long done = 0;
      while (done < range.length()) {
        channel.position(offset + done);
        long count =
            range.channel().transferTo(range.offset() + done, range.length() - done, channel);
        if (count <= 0) {
          throw new CorruptImage(
              range.file().toString(),
              "file",
              range.offset() + done,
              "end of the file, now " + range.channel().size() + " bytes long",
              "the length it had when it was opened",
              "Something changes the file while it is read; stop the machine that uses it");
        }
        done += count;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
