package io.diskwright.format.vmdk;

import io.diskwright.disk.ForwardDisk;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Opens a VMDK that comes as a stream, if its kind can be read so. */
final class StreamOpener {

  /**
   * More grains than are kept account of: 16 TiB in the grains every tool writes. What is kept
   * takes less than 100 MiB then.
   */
  private static final long MAX_GRAINS = 1L << 28;

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private StreamOpener() {}

  /**
   * Opens a stream-optimized disk.
   *
   * @return empty, with nothing taken from {@code source}, for other kinds, for deltas, and for
   *     what lies in another order than grains can be read in
   */
  static Optional<ForwardDisk> open(ForwardSource source) throws IOException {
    ByteView magic = source.peek("magic", SparseHeader.MAGIC.length(), ORDER);
    if (!magic.startsWith(0, SparseHeader.MAGIC)) {
      return Optional.empty();
    }
    ByteView head = peek(source, "sparse extent header", SparseHeader.SIZE);
    SparseHeader header = SparseHeader.parse(head);
    if (!header.compressed() || header.grains() > MAX_GRAINS || !inOrder(header)) {
      return Optional.empty();
    }
    Optional<Descriptor> embedded = descriptor(source, header);
    if (embedded.isPresent() && embedded.get().parent().isPresent()) {
      return Optional.empty();
    }
    EmbeddedDisk disk = EmbeddedDisk.of(source.describe(), header, embedded);
    return Optional.of(new GrainStream(source, header, disk, leading(header)));
  }

  /** Whether descriptor, leading directory and grains follow each other, the first in the peek. */
  private static boolean inOrder(SparseHeader header) {
    long most = ForwardSource.MAX_PEEK / Sectors.SIZE;
    if (header.descriptorOffset() < 0
        || header.descriptorOffset() > most
        || header.descriptorSize() < 0
        || header.descriptorSize() > most - header.descriptorOffset()
        || header.overHead() > Sectors.MAX) {
      return false;
    }
    long end = Math.max(1, header.descriptorOffset() + header.descriptorSize());
    return header.overHead() >= end
        && (!leading(header)
            || header.gdOffset() >= end
                && header.gdOffset() <= header.overHead() - directorySectors(header));
  }

  private static long directorySectors(SparseHeader header) {
    return Sectors.up(header.directoryEntries() * Integer.BYTES);
  }

  private static boolean leading(SparseHeader header) {
    return header.gdOffset() >= 0 && header.gdOffset() < header.overHead();
  }

  private static Optional<Descriptor> descriptor(ForwardSource source, SparseHeader header)
      throws IOException {
    if (!header.hasDescriptor()) {
      return Optional.empty();
    }
    int start = (int) Sectors.toBytes(header.descriptorOffset());
    int length = (int) Sectors.toBytes(header.descriptorSize());
    ByteView all = peek(source, EmbeddedDisk.STRUCTURE, start + length);
    return EmbeddedDisk.parse(
        new ByteView(
            ByteBuffer.wrap(all.bytes(start, length)),
            ORDER,
            source.describe(),
            EmbeddedDisk.STRUCTURE,
            start));
  }

  private static ByteView peek(ForwardSource source, String structure, int length)
      throws IOException {
    ByteView view = source.peek(structure, length, ORDER);
    if (view.length() < length) {
      throw new CorruptImage(
          source.describe(),
          structure,
          0,
          "a file of " + Fault.number(view.length()) + " bytes",
          "at least " + Fault.number(length),
          "The file is truncated; download or export it again");
    }
    return view;
  }
}
