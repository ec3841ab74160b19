package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The table at the start of the metadata region.
 *
 * @param entries those of the system's metadata, by their ids; the user's own say nothing about the
 *     disk
 */
record MetadataTable(Map<UUID, MetadataTableEntry> entries) {

  static final int SIZE = 64 << 10;

  private static final String SIGNATURE = "metadata";
  private static final int ENTRY_COUNT_AT = 10;
  private static final int ENTRIES_AT = 32;
  private static final int MAX_ENTRIES = 2047;

  /**
   * Parses the table.
   *
   * @param region bytes of the metadata region
   */
  static MetadataTable parse(ByteView view, long region) throws ImageException {
    if (!view.startsWith(0, SIGNATURE)) {
      throw view.corrupt(
          "Signature", 0, "'" + view.text(0, 8, StandardCharsets.ISO_8859_1) + "'", SIGNATURE);
    }
    int count = view.u16(ENTRY_COUNT_AT);
    if (count > MAX_ENTRIES) {
      throw view.corrupt(
          "EntryCount", ENTRY_COUNT_AT, Fault.number(count), "up to " + Fault.number(MAX_ENTRIES));
    }
    var system = new LinkedHashMap<UUID, MetadataTableEntry>();
    for (int i = 0; i < count; i++) {
      var entry = MetadataTableEntry.parse(view, ENTRIES_AT + i * MetadataTableEntry.SIZE, region);
      if (entry.user()) {
        refuseRequired(view, entry, "user metadata item ");
      } else if (system.put(entry.itemId(), entry) != null) {
        throw view.corrupt(
            "ItemId", entry.at(), Guid.text(entry.itemId()) + " a second time", "each item once");
      }
    }
    return new MetadataTable(Collections.unmodifiableMap(system));
  }

  /** Refuses what has to be understood and is not. */
  static void refuseRequired(ByteView view, MetadataTableEntry entry, String kind)
      throws ImageException {
    if (entry.required()) {
      throw view.unsupported(
          "ItemId",
          entry.at(),
          "the unknown " + kind + Guid.text(entry.itemId()) + ", marked as required",
          "the items of MS-VHDX, and others that are not required");
    }
  }
}
