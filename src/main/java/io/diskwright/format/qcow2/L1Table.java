package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.EntryTable;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.PageCache;
import io.diskwright.io.Region;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * An L1 table: the active one or a snapshot's. Its entries are checked as they are read.
 *
 * @param region where it lies
 * @param used entries that the virtual size needs; those behind hold no part of the disk
 */
record L1Table(ByteSource source, Layout layout, Region region, EntryTable entries, long used) {

  private static final String NAME = "L1 table";

  /** What qemu allows: 32 MiB. */
  static final long MAX_ENTRIES = 1 << 22;

  private static final long RESERVED = 0x7f00_0000_0000_01ffL;

  /** Checks the place and length of the table that a state of the disk has. */
  static L1Table open(ByteSource source, DiskState state, Layout layout, PageCache cache)
      throws ImageException {
    if (state.l1Size() > MAX_ENTRIES) {
      throw new LimitExceeded(
          source.describe(),
          state.structure() + " l1_size",
          state.l1SizeAt(),
          Fault.number(state.l1Size()) + " entries",
          "up to " + Fault.number(MAX_ENTRIES));
    }
    long needed = layout.l1EntriesFor(state.size());
    if (needed > state.l1Size()) {
      throw state.wrongL1Size(source.describe(), needed);
    }
    long bytes = state.l1Size() * Long.BYTES;
    Region region =
        bytes == 0
            ? new Region(NAME, 0, 0)
            : Places.checked(
                source,
                NAME,
                state.l1TableOffset(),
                bytes,
                layout.clusterSize(),
                state.structure() + " l1_table_offset",
                state.l1TableOffsetAt());
    var entries =
        new EntryTable(
            cache, source, NAME, region.offset(), state.l1Size(), Long.BYTES, ByteOrder.BIG_ENDIAN);
    return new L1Table(source, layout, region, entries, needed);
  }

  /**
   * Where the L2 table of an entry lies, in bytes; 0 when it has none.
   *
   * @param index from 0 to below {@link #used}
   */
  long l2Offset(long index) throws IOException {
    long entry = entries.get(index);
    if (entry == 0) {
      return 0;
    }
    long offset = entry & L2Entry.OFFSET;
    if ((entry & RESERVED) != 0) {
      throw corrupt(
          index,
          String.format(Locale.ROOT, "reserved bits set in 0x%016x", entry),
          "reserved bits clear");
    }
    if (offset < layout.clusterSize()
        || offset % layout.clusterSize() != 0
        || offset > source.size() - layout.clusterSize()) {
      throw corrupt(
          index,
          "L2 table offset " + Fault.number(offset),
          "multiples of the cluster size "
              + layout.clusterSize()
              + " behind the header cluster, the whole table inside the file's "
              + Fault.number(source.size())
              + " bytes");
    }
    return offset;
  }

  CorruptImage corrupt(long index, String found, String allowed) {
    return new CorruptImage(
        source.describe(), "L1 entry", entries.entryOffset(index), found, allowed);
  }
}
