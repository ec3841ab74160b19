package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.PageCache;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Locale;

/** One L2 table, which fills a cluster. Its entries are checked as they are read. */
final class L2Table {

  private static final String NAME = "L2 entry";
  private static final long RESERVED = 0x3f00_0000_0000_01feL;

  private final ByteSource source;
  private final EntryTable words;
  private final Layout layout;

  /**
   * @param offset a multiple of the cluster size
   */
  L2Table(PageCache cache, ByteSource source, long offset, Layout layout) throws CorruptImage {
    this.source = source;
    this.layout = layout;
    this.words =
        new EntryTable(
            cache,
            source,
            "L2 table",
            offset,
            layout.clusterSize() / Long.BYTES,
            Long.BYTES,
            ByteOrder.BIG_ENDIAN);
  }

  /** Where an entry stands, bytes from the start of the file. */
  long entryOffset(int index) {
    return words.entryOffset(word(index));
  }

  /** Whether an entry has only zero bits. */
  boolean isEmpty(int index) throws IOException {
    return words.get(word(index)) == 0 && (!layout.extendedL2() || words.get(word(index) + 1) == 0);
  }

  /** Whether an entry is this one, but for its COPIED bit. */
  boolean continues(int index, long descriptor, long bitmap) throws IOException {
    return (words.get(word(index)) & ~L2Entry.COPIED) == descriptor
        && (!layout.extendedL2() || words.get(word(index) + 1) == bitmap);
  }

  /**
   * An entry.
   *
   * @throws CorruptImage when its bits contradict the specification
   */
  L2Entry entry(int index) throws IOException {
    long descriptor = words.get(word(index));
    long bitmap = layout.extendedL2() ? words.get(word(index) + 1) : 0;
    boolean compressed = (descriptor & L2Entry.COMPRESSED) != 0;
    if (!compressed) {
      checkDescriptor(index, descriptor);
    } else if (layout.dataFile()) {
      throw corrupt(
          index, "a compressed cluster", "clusters as they are, since there is a data file");
    }
    if (!layout.extendedL2()) {
      return new StandardL2Entry(descriptor, layout.clusterSize());
    }
    if (compressed ? bitmap != 0 : ExtendedL2Entry.contradictions(bitmap) != 0) {
      throw corrupt(
          index,
          Long.BYTES,
          "subcluster bitmap " + hex(bitmap) + (compressed ? " of a compressed cluster" : ""),
          compressed ? "0 with it" : "each subcluster allocated or zero, not both");
    }
    if (!compressed && ExtendedL2Entry.allocated(bitmap) != 0 && !L2Entry.hasHost(descriptor)) {
      throw corrupt(
          index,
          Long.BYTES,
          "allocated subclusters " + hex(bitmap) + " of a cluster without data",
          "a host cluster offset with them");
    }
    return new ExtendedL2Entry(descriptor, bitmap, layout.clusterSize());
  }

  /** Refuses what an entry points to. */
  CorruptImage corrupt(int index, String found, String allowed) {
    return corrupt(index, 0, found, allowed);
  }

  private void checkDescriptor(int index, long descriptor) throws CorruptImage {
    long reserved = layout.zeroFlag() ? RESERVED : RESERVED | StandardL2Entry.ZERO;
    if ((descriptor & reserved) != 0) {
      throw corrupt(index, "reserved bits set in " + hex(descriptor), "reserved bits clear");
    }
    long offset = descriptor & L2Entry.OFFSET;
    if (offset % layout.clusterSize() != 0) {
      throw corrupt(
          index,
          "host cluster offset " + Fault.number(offset),
          "multiples of the cluster size " + layout.clusterSize());
    }
    if (offset == 0 && (descriptor & L2Entry.COPIED) != 0 && !layout.dataFile()) {
      throw corrupt(
          index, "host cluster offset 0, marked as in use", "offsets behind the header cluster");
    }
  }

  private CorruptImage corrupt(int index, int at, String found, String allowed) {
    return new CorruptImage(source.describe(), NAME, entryOffset(index) + at, found, allowed);
  }

  private int word(int index) {
    return layout.extendedL2() ? 2 * index : index;
  }

  private static String hex(long value) {
    return String.format(Locale.ROOT, "0x%016x", value);
  }
}
