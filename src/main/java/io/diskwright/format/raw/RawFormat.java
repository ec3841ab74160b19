package io.diskwright.format.raw;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.Probe;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ForwardSource;
import java.util.Optional;

/** RAW: the disk's bytes and nothing else. Any file can be one, so it recognises none. */
public final class RawFormat implements ImageFormat {

  @Override
  public String name() {
    return "raw";
  }

  @Override
  public boolean recognises(Probe probe) {
    return false;
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) {
    return new RawImage(source);
  }

  @Override
  public Optional<ForwardDisk> openForward(ForwardSource source, OpenContext context) {
    return Optional.of(new RawStream(source));
  }
}
