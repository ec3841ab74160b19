package io.diskwright.target;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.FileRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Writes at offsets of a file, which are the disk's own or those a container gives its blocks. */
final class FileWriter implements Writer {

  private final FileChannel channel;

  /**
   * @param channel closed with its {@link PartialFile}
   */
  FileWriter(FileChannel channel) {
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
  public void close() {}
}
