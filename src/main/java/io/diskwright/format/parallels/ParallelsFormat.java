package io.diskwright.format.parallels;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.Probe;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import java.io.IOException;

/**
 * The expanding images of Parallels ({@code .hdd}, {@code .hds}). Its plain images are RAW. An
 * image that its bundle says is one of several is refused: alone it is not the disk.
 */
public final class ParallelsFormat implements ImageFormat {

  @Override
  public String name() {
    return "parallels";
  }

  @Override
  public boolean recognises(Probe probe) {
    ByteView head = probe.head();
    return head.startsWith(0, ParallelsHeader.MAGIC)
        || head.startsWith(0, ParallelsHeader.EXTENDED_MAGIC);
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    try {
      ParallelsImage image = ParallelsImage.open(source, context.cache());
      Bundle.check(source, context);
      return image;
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }
}
