package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream in units of some clusters, each stored whole, compressed by LZNT1 into fewer clusters,
 * or not at all.
 */
final class CompressedContent implements ByteSource {

  private static final int MAX_UNIT = 1 << 20;

  private final NtfsVolume volume;
  private final String name;
  private final long size;
  private final long initialized;
  private final Runs runs;
  private final int unitClusters;
  private final int unitSize;

  /** The last unit, since a file is read from its start to its end. */
  private volatile @Nullable Unit last;

  private record Unit(long number, byte[] bytes) {}

  private CompressedContent(
      NtfsVolume volume, String name, long size, long initialized, Runs runs, int unitClusters) {
    this.volume = volume;
    this.name = name;
    this.size = size;
    this.initialized = initialized;
    this.runs = runs;
    this.unitClusters = unitClusters;
    this.unitSize = unitClusters * volume.boot().clusterSize();
  }

  static CompressedContent of(NtfsVolume volume, String name, Attribute first, Runs runs)
      throws CorruptImage {
    int exponent = first.compressionUnit();
    long unit = exponent > 20 ? Long.MAX_VALUE : (long) volume.boot().clusterSize() << exponent;
    if (unit > MAX_UNIT) {
      throw first
          .view()
          .corrupt(
              "compression unit",
              34,
              Integer.toString(exponent),
              "units of at most " + MAX_UNIT + " bytes");
    }
    return new CompressedContent(
        volume, name, first.dataSize(), first.initializedSize(), runs, 1 << exponent);
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
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    long position = offset;
    while (target.hasRemaining()) {
      if (position >= initialized) {
        RunContent.zeros(target, target.remaining());
        return;
      }
      int within = (int) (position % unitSize);
      long inUnit = Math.min(unitSize - within, initialized - position);
      int length = (int) Math.min(target.remaining(), inUnit);
      target.put(unit(position / unitSize), within, length);
      position += length;
    }
  }

  private byte[] unit(long number) throws IOException {
    Unit known = last;
    if (known != null && known.number == number) {
      return known.bytes;
    }
    byte[] bytes = decode(number);
    last = new Unit(number, bytes);
    return bytes;
  }

  private byte[] decode(long number) throws IOException {
    int clusterSize = volume.boot().clusterSize();
    ByteBuffer stored = ByteBuffer.allocate(unitSize);
    long vcn = number * unitClusters;
    long end = Math.min(vcn + unitClusters, runs.clusters());
    boolean whole = end - vcn == unitClusters;
    while (vcn < end) {
      int run = runs.find(vcn);
      long count = Math.min(end, runs.end(run)) - vcn;
      if (runs.lcn(run) == Runs.SPARSE) {
        whole = false;
      } else {
        int length = (int) count * clusterSize;
        ByteBuffer part = stored.slice(stored.position(), length);
        volume.data().read((runs.lcn(run) + vcn - runs.start(run)) * clusterSize, part);
        stored.position(stored.position() + length);
      }
      vcn += count;
    }
    if (whole) {
      return stored.array();
    }
    byte[] bytes = new byte[unitSize];
    boolean fits = Lznt1.decode(stored.array(), stored.position(), bytes);
    if (!fits) {
      throw new CorruptImage(
          name,
          "compression unit " + number,
          Fault.NOWHERE,
          "no LZNT1",
          "a unit compressed by LZNT1");
    }
    return bytes;
  }

  @Override
  public Run runAt(long offset, long length) throws IOException {
    checkInside("data", offset, length);
    if (offset >= initialized) {
      return new Run(true, length);
    }
    int run = runs.find(offset / volume.boot().clusterSize());
    // Only where a whole unit is missing is there a hole; the end of a unit is no sign of one.
    long from = offset / unitSize * unitClusters;
    boolean hole = runs.lcn(run) == Runs.SPARSE && runs.start(run) <= from;
    long clusters = runs.end(run) / unitClusters * unitClusters;
    long end = hole ? clusters * volume.boot().clusterSize() : (offset / unitSize + 1) * unitSize;
    if (hole && end <= offset) {
      return new Run(false, Math.min(length, (offset / unitSize + 1) * unitSize - offset));
    }
    return new Run(hole, Math.min(length, Math.min(end, initialized) - offset));
  }
}
