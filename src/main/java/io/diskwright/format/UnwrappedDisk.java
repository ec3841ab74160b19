package io.diskwright.format;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.disk.ImageInfo;
import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.Fault;
import io.diskwright.source.Content.Wrapping;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A disk that was taken out of wrappers and is read once. */
final class UnwrappedDisk implements ForwardDisk {

  private final ForwardDisk disk;
  private final Wrapping wrapping;
  private final String promised;

  /**
   * @param promised the format that the file's name promises and that only the end of the stream
   *     shows; empty for none
   */
  UnwrappedDisk(ForwardDisk disk, Wrapping wrapping, String promised) {
    this.disk = disk;
    this.wrapping = wrapping;
    this.promised = promised;
  }

  @Override
  public String describe() {
    return disk.describe();
  }

  @Override
  public OptionalLong size() {
    return disk.size();
  }

  @Override
  public @Nullable Extent next() throws IOException {
    Extent extent = disk.next();
    if (extent == null) {
      Capacity.check(disk.describe(), disk.size().orElseThrow(), wrapping);
      requirePromised();
    }
    return extent;
  }

  private void requirePromised() throws AmbiguousImage {
    if (!promised.isEmpty() && !disk.info().format().equals(promised)) {
      throw new AmbiguousImage(
          disk.describe(),
          "content",
          Fault.NOWHERE,
          "no footer at the end, in a file named ." + promised,
          "content that fits the name",
          "The file is damaged or misnamed; if it really is a plain disk, use --from raw");
    }
  }

  @Override
  public ImageInfo info() {
    return disk.info().in(wrapping.layers());
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
