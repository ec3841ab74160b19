package io.diskwright.volume.lvm;

import io.diskwright.disk.Extent;
import io.diskwright.disk.MappedDisk;
import io.diskwright.disk.VirtualDisk;
import java.io.IOException;
import java.util.List;

/** A logical volume as a disk: its segments, each in stripes on ranges of another disk. */
final class StripedDisk extends MappedDisk {

  private final VirtualDisk disk;
  private final String name;
  private final List<Segment> segments;
  private final long size;

  /**
   * A segment. A linear one has one stripe.
   *
   * @param start first byte of the logical volume
   * @param length bytes
   * @param stripeSize bytes that lie together on one stripe
   * @param starts where each stripe starts on the disk, in bytes
   */
  record Segment(long start, long length, long stripeSize, long[] starts) {}

  /**
   * @param segments in order and without gaps
   */
  StripedDisk(VirtualDisk disk, String name, List<Segment> segments) {
    this.disk = disk;
    this.name = name;
    this.segments = List.copyOf(segments);
    Segment last = segments.getLast();
    this.size = last.start + last.length;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  protected Extent mapAt(long offset, long limit) throws IOException {
    Segment segment = find(offset);
    long within = offset - segment.start;
    int stripes = segment.starts.length;
    long inSegment = segment.length - within;
    long place;
    long together;
    if (stripes == 1) {
      place = segment.starts[0] + within;
      together = inSegment;
    } else {
      long chunk = within / segment.stripeSize;
      long inChunk = within % segment.stripeSize;
      place =
          segment.starts[(int) (chunk % stripes)] + chunk / stripes * segment.stripeSize + inChunk;
      together = Math.min(inSegment, segment.stripeSize - inChunk);
    }
    return moved(disk.extentAt(place, Math.min(limit, together)), offset);
  }

  private Segment find(long offset) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).start <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return segments.get(low);
  }

  private static Extent moved(Extent extent, long start) {
    return switch (extent) {
      case Extent.Data e -> new Extent.Data(start, e.length(), e.source(), e.sourceOffset());
      case Extent.Zero e -> new Extent.Zero(start, e.length(), e.explicit());
      case Extent.Encoded e ->
          new Extent.Encoded(
              start,
              e.length(),
              e.source(),
              e.sourceOffset(),
              e.encodedLength(),
              e.codec(),
              e.blockLength(),
              e.skip());
    };
  }

  /** The disk below stays its owner's. */
  @Override
  protected void closeFiles() {}
}
