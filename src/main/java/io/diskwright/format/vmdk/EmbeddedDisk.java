package io.diskwright.format.vmdk;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.util.List;
import java.util.Optional;

/**
 * A disk that is one sparse extent with its descriptor inside.
 *
 * @param line the descriptor's only extent line; the file's name in it is not looked at, since the
 *     file may have been renamed
 */
record EmbeddedDisk(Descriptor descriptor, CreateType createType, ExtentLine line) {

  /** What an embedded descriptor is called in messages. */
  static final String STRUCTURE = "embedded descriptor";

  /**
   * Judges the descriptor of an extent.
   *
   * @param source the file, for messages
   * @param embedded empty when there is none
   */
  static EmbeddedDisk of(String source, SparseHeader header, Optional<Descriptor> embedded)
      throws ImageException {
    if (embedded.isEmpty()) {
      throw new UnsupportedFeature(
          source,
          "sparse extent header descriptorOffset",
          0,
          "an extent without a descriptor, one part of a disk",
          "a disk with its descriptor",
          "Name the disk's descriptor, the small .vmdk text file that lists this extent");
    }
    Descriptor descriptor = embedded.get();
    descriptor.requirePlain();
    CreateType createType = descriptor.createType();
    List<ExtentLine> lines = descriptor.extents();
    if (lines.size() != 1 || lines.getFirst().type() != ExtentLine.Type.SPARSE) {
      throw new UnsupportedFeature(
          source,
          "extent line",
          lines.getFirst().at(),
          "an embedded descriptor with other extents than the file it is in",
          "one SPARSE extent, this file");
    }
    requireSame(source, header, lines.getFirst(), createType);
    return new EmbeddedDisk(descriptor, createType, lines.getFirst());
  }

  /** Refuses an extent that is another than its line says. */
  static void requireSame(
      String source, SparseHeader header, ExtentLine line, CreateType createType)
      throws CorruptImage {
    if (header.capacity() != line.sectors()) {
      throw new CorruptImage(
          source,
          "sparse extent header capacity",
          header.capacityAt(),
          Fault.number(header.capacity()) + " sectors",
          Fault.number(line.sectors()) + ", as the descriptor says");
    }
    if (header.compressed() && !createType.compressible()) {
      throw new CorruptImage(
          source,
          "sparse extent header flags",
          header.flagsAt(),
          "compressed grains",
          "plain grains in a disk of createType " + createType.word());
    }
  }

  /** The length of the descriptor's room in bytes, once it is known to be believable. */
  static int length(String source, SparseHeader header) throws LimitExceeded {
    if (header.descriptorSize() < 0
        || header.descriptorSize() > Descriptor.MAX_LENGTH / Sectors.SIZE) {
      throw new LimitExceeded(
          source,
          STRUCTURE,
          Sectors.toBytes(header.descriptorOffset()),
          Fault.number(header.descriptorSize()) + " sectors",
          "up to " + Fault.number(Descriptor.MAX_LENGTH / Sectors.SIZE));
    }
    return (int) Sectors.toBytes(header.descriptorSize());
  }

  /** Reads a descriptor; empty when nothing is written in it. */
  static Optional<Descriptor> parse(ByteView view) throws ImageException {
    Descriptor descriptor = Descriptor.parse(view);
    return descriptor.isBlank() ? Optional.empty() : Optional.of(descriptor);
  }
}
