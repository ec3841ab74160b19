package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/** A region table whose checksum is right. */
record RegionTable(List<RegionTableEntry> entries) {

  static final String SIGNATURE = "regi";
  static final int SIZE = 64 << 10;
  static final int MAX_ENTRIES = 2047;

  private static final int ENTRY_COUNT_AT = 8;
  private static final int ENTRIES_AT = 16;

  /** Parses the table; where its regions lie is not yet checked. */
  static RegionTable parse(ByteView view) throws ImageException {
    long count = view.u32(ENTRY_COUNT_AT);
    if (count > MAX_ENTRIES) {
      throw view.corrupt(
          "EntryCount", ENTRY_COUNT_AT, Fault.number(count), "up to " + Fault.number(MAX_ENTRIES));
    }
    var entries = new ArrayList<RegionTableEntry>();
    var seen = new HashSet<UUID>();
    for (int i = 0; i < count; i++) {
      var entry = RegionTableEntry.parse(view, ENTRIES_AT + i * RegionTableEntry.SIZE);
      if (!seen.add(entry.guid())) {
        throw view.corrupt(
            "Guid", entry.at(), Guid.text(entry.guid()) + " a second time", "each region once");
      }
      entries.add(entry);
    }
    return new RegionTable(List.copyOf(entries));
  }
}
