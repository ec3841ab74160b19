package io.diskwright.target;

import java.io.IOException;
import java.nio.ByteBuffer;

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
    return new FileWriter(file.openChannel());
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
}
