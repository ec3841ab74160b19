package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ForwardDisk;
import java.io.Closeable;
import java.io.IOException;

/** An image, and how its disk can be had. */
public sealed interface Opened extends Closeable {

  /** It can be read at any offset. */
  record Anywhere(DiskImage image) implements Opened {
    @Override
    public void close() throws IOException {
      image.close();
    }
  }

  /** It comes once and in order. */
  record Once(ForwardDisk disk) implements Opened {
    @Override
    public void close() throws IOException {
      disk.close();
    }
  }
}
