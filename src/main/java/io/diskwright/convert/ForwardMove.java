package io.diskwright.convert;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.format.Formats;
import io.diskwright.prepare.Growth;
import io.diskwright.prepare.GrowthPlan;
import io.diskwright.target.TargetFormat;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk that is read once and in order: its size, and with it what a larger disk needs, is known
 * only when all of it was written. The partition table is then read from the output, or, when that
 * is a stream as well, from what was remembered of it.
 */
final class ForwardMove implements Transfer.Source {

  private final ConversionRequest request;
  private final Cancellation cancellation;
  private final ForwardDisk disk;
  private final Output output;
  private final List<FileIdentity> files;
  private final @Nullable RememberedEnds ends;
  private List<String> actions = List.of();
  private long bytesRead;

  /**
   * @param disk the caller closes it
   * @param files what must not change meanwhile; none for standard input
   * @param ends what is remembered of the disk, where the output cannot be read; null elsewhere
   */
  ForwardMove(
      ConversionRequest request,
      Cancellation cancellation,
      ForwardDisk disk,
      Output output,
      List<FileIdentity> files,
      @Nullable RememberedEnds ends) {
    this.request = request;
    this.cancellation = cancellation;
    this.disk = disk;
    this.output = output;
    this.files = files;
    this.ends = ends;
  }

  /** The disk's next extent, or null at its end. */
  @Nullable Extent next() throws IOException {
    Extent extent = ends == null ? disk.next() : ends.next();
    if (extent != null) {
      Sizing.refuseBeyond(
          disk.describe(), extent.end(), request.size(), request.profile(), request.format());
    }
    bytesRead +=
        switch (extent) {
          case null -> 0;
          case Extent.Zero zero -> 0;
          case Extent.Data data -> data.length();
          case Extent.Encoded encoded -> encoded.encodedLength();
        };
    return extent;
  }

  /** Bytes of the image that were read, out of its wrappers. */
  long bytesRead() {
    return bytesRead;
  }

  @Override
  public void addDigest(ContentDigest sum, long before) throws IOException {
    try (DiskImage written = written()) {
      ContentDigests.add(written, before, sum, request.jobs(), cancellation);
    }
  }

  @Override
  public Transfer.Ending end() throws IOException {
    long own =
        disk.size().orElseThrow(() -> new IllegalStateException("a stream ended without a size"));
    for (FileIdentity file : files) {
      file.requireUnchanged();
    }
    long size =
        Sizing.choose(disk.describe(), own, request.size(), request.profile(), request.format());
    if (size == own) {
      return new Transfer.Ending(own, size, List.of());
    }
    GrowthPlan growth = growth(own, size);
    actions = growth.actions();
    return new Transfer.Ending(own, size, growth.patches());
  }

  private GrowthPlan growth(long own, long size) throws IOException {
    if (ends != null) {
      try (VirtualDisk remembered = ends.disk(own)) {
        return Growth.plan(remembered, size);
      }
    }
    output.setLength(own);
    try (DiskImage written = written()) {
      return Growth.plan(written, size);
    }
  }

  private DiskImage written() throws IOException {
    return Formats.openWritten(output.path(), TargetFormat.RAW.label());
  }

  /** What was changed besides the container; complete after {@link #end}. */
  List<String> actions() {
    return actions;
  }
}
