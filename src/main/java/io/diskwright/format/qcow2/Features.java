package io.diskwright.format.qcow2;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import java.util.ArrayList;

/**
 * What the header's feature bits and its compression type say about how to read the image.
 *
 * @param dirty reference counts may be stale; the content is complete
 * @param corrupt a writer found the image inconsistent and marked it
 * @param dataFile the guest's data is in another file
 * @param lazyRefcounts reference counts are written late
 */
record Features(
    boolean dirty,
    boolean corrupt,
    CompressionType compression,
    boolean extendedL2,
    boolean dataFile,
    boolean lazyRefcounts) {

  private static final long DIRTY = 1L << 0;
  private static final long CORRUPT = 1L << 1;
  private static final long EXTERNAL_DATA_FILE = 1L << 2;
  private static final long COMPRESSION_TYPE = 1L << 3;
  private static final long EXTENDED_L2 = 1L << 4;
  private static final long KNOWN =
      DIRTY | CORRUPT | EXTERNAL_DATA_FILE | COMPRESSION_TYPE | EXTENDED_L2;

  private static final long LAZY_REFCOUNTS = 1L << 0;
  private static final int MIN_EXTENDED_CLUSTER_BITS = 14;

  /**
   * Reads the features, refusing those that make the image unreadable.
   *
   * @param source the file's name, for messages
   */
  static Features of(Header header, FeatureNameTable names, String source) throws ImageException {
    refuseUnknown(header, names, source);
    long incompatible = header.incompatibleFeatures();
    return new Features(
        (incompatible & DIRTY) != 0,
        (incompatible & CORRUPT) != 0,
        compression(header, source),
        extendedL2(header, source),
        dataFile(header, source),
        (header.compatibleFeatures() & LAZY_REFCOUNTS) != 0);
  }

  private static void refuseUnknown(Header header, FeatureNameTable names, String source)
      throws UnsupportedFeature {
    long unknown = header.incompatibleFeatures() & ~KNOWN;
    if (unknown == 0) {
      return;
    }
    var found = new ArrayList<String>();
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if ((unknown & 1L << bit) != 0) {
        String name = names.incompatible(bit).map(n -> " '" + n + "'").orElse("");
        found.add("bit " + bit + name);
      }
    }
    throw new UnsupportedFeature(
        source,
        Header.NAME + " incompatible_features",
        Header.INCOMPATIBLE_FEATURES_AT,
        "unknown " + String.join(", ", found),
        "bits 0 to 4");
  }

  /** A raw data file and a backing file contradict each other: the one is the whole disk. */
  private static boolean dataFile(Header header, String source) throws CorruptImage {
    if ((header.incompatibleFeatures() & EXTERNAL_DATA_FILE) == 0) {
      return false;
    }
    boolean backed = header.backingFileOffset() != 0 && header.backingFileSize() != 0;
    if (header.rawExternalData() && backed) {
      throw new CorruptImage(
          source,
          Header.NAME + " autoclear_features",
          Header.AUTOCLEAR_FEATURES_AT,
          "bit 1, a raw external data file, together with a backing file",
          "one of them");
    }
    return true;
  }

  private static CompressionType compression(Header header, String source) throws ImageException {
    int type = header.compressionType();
    boolean announced = (header.incompatibleFeatures() & COMPRESSION_TYPE) != 0;
    if (type > 1) {
      throw new UnsupportedFeature(
          source,
          Header.NAME + " compression_type",
          Header.COMPRESSION_TYPE_AT,
          Fault.number(type),
          "0 (zlib) or 1 (zstd)");
    }
    if (announced != (type != 0)) {
      throw new CorruptImage(
          source,
          Header.NAME + " compression_type",
          Header.COMPRESSION_TYPE_AT,
          type + " with bit 3 of incompatible_features " + (announced ? "set" : "clear"),
          "0 with the bit clear, another type with the bit set");
    }
    return type == 0 ? CompressionType.ZLIB : CompressionType.ZSTD;
  }

  private static boolean extendedL2(Header header, String source) throws CorruptImage {
    if ((header.incompatibleFeatures() & EXTENDED_L2) == 0) {
      return false;
    }
    if (header.clusterBits() < MIN_EXTENDED_CLUSTER_BITS) {
      throw new CorruptImage(
          source,
          Header.NAME + " cluster_bits",
          Header.CLUSTER_BITS_AT,
          header.clusterBits() + " with extended L2 entries",
          "at least " + MIN_EXTENDED_CLUSTER_BITS + " with them");
    }
    return true;
  }
}
