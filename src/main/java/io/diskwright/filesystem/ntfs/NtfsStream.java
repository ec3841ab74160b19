package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.util.List;

/** Opens the content of attributes. */
final class NtfsStream {

  private NtfsStream() {}

  /**
   * The content of a stream.
   *
   * @param pieces at least one, by their first clusters
   */
  static ByteSource open(NtfsVolume volume, List<Attribute> pieces) throws IOException {
    Attribute first = pieces.getFirst();
    String name = volume.describe() + "[" + first.structure() + "]";
    if (first.isEncrypted()) {
      throw new UnsupportedFeature(
          volume.describe(),
          first.structure(),
          first.view().offset(),
          "content encrypted by EFS",
          "what is stored in the clear",
          "Copy it inside the guest, with its user's key");
    }
    if (!first.nonResident()) {
      ByteView value = first.value();
      return new MemorySource(name, value.bytes(0, value.length()));
    }
    if (first.isCompressed() && !first.isLznt1()) {
      throw first.view().unsupported("flags", 12, Fault.number(first.flags()), "1, LZNT1");
    }
    Runs runs = Runs.of(pieces, volume.boot().clusters(), volume.clusters());
    checkSize(volume, first, runs);
    if (first.isCompressed() && first.compressionUnit() != 0) {
      return CompressedContent.of(volume, name, first, runs);
    }
    return new RunContent(volume, name, first.dataSize(), first.initializedSize(), runs);
  }

  /** What of a stream its first pieces map: enough of $MFT to find its other pieces. */
  static ByteSource firstPieces(NtfsVolume volume, List<Attribute> pieces) throws IOException {
    Runs runs = Runs.of(pieces, volume.boot().clusters(), volume.clusters());
    if (runs.hasHoles()) {
      throw pieces.getFirst().view().corrupt("runs", 32, "a hole", "records that are all stored");
    }
    long clusterSize = volume.boot().clusterSize();
    long mapped = Math.min(runs.clusters(), Long.MAX_VALUE / clusterSize) * clusterSize;
    long size = Math.min(pieces.getFirst().dataSize(), mapped);
    return new RunContent(volume, volume.describe() + "[$MFT]", size, size, runs);
  }

  private static void checkSize(NtfsVolume volume, Attribute first, Runs runs) throws CorruptImage {
    long clusterSize = volume.boot().clusterSize();
    long size = first.dataSize();
    if (runs.clusters() > Long.MAX_VALUE / clusterSize
        || size > runs.clusters() * clusterSize
        || first.initializedSize() > size) {
      throw first
          .view()
          .corrupt(
              "data size",
              48,
              Fault.number(size) + ", initialized " + Fault.number(first.initializedSize()),
              "at most the " + runs.clusters() + " clusters of its runs");
    }
  }
}
