package io.diskwright.convert;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.VirtualDisk;
import java.io.IOException;
import java.util.List;

/**
 * A disk that is there to be read as often as one likes.
 *
 * @param image as it was opened
 * @param disk the same, as it will be written
 * @param files what must not change meanwhile
 */
record RepeatableMove(
    ConversionRequest request,
    Cancellation cancellation,
    DiskImage image,
    VirtualDisk disk,
    List<FileIdentity> files)
    implements Transfer.Source {

  @Override
  public void addDigest(ContentDigest sum, long before) throws IOException {
    ContentDigests.add(disk, before, sum, request.jobs(), cancellation);
  }

  @Override
  public Transfer.Ending end() throws IOException {
    image.verifyWrapping(cancellation::requested);
    cancellation.check();
    for (FileIdentity file : files) {
      file.requireUnchanged();
    }
    return new Transfer.Ending(disk.size(), disk.size(), List.of());
  }
}
