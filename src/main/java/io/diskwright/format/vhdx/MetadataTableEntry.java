package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.util.UUID;

/**
 * Where one metadata item lies.
 *
 * @param itemId what it is
 * @param offset bytes from the start of the metadata region
 * @param length bytes
 * @param user whether it belongs to the user's metadata, which has ids of its own
 * @param required whether a reader that does not know it must not read the file
 * @param at where the entry stands in the table, in bytes
 */
record MetadataTableEntry(
    UUID itemId, long offset, long length, boolean user, boolean required, int at) {

  static final int SIZE = 32;

  private static final int OFFSET_AT = 16;
  private static final int LENGTH_AT = 20;
  private static final int FLAGS_AT = 24;
  private static final int IS_USER = 1;
  private static final int IS_REQUIRED = 4;
  private static final int KNOWN_FLAGS = 7;
  private static final long MAX_LENGTH = 1 << 20;

  /**
   * Parses the entry that stands at {@code at} in the table.
   *
   * @param region bytes of the metadata region
   */
  static MetadataTableEntry parse(ByteView table, int at, long region) throws ImageException {
    long flags = table.u32(at + FLAGS_AT);
    if (flags > KNOWN_FLAGS) {
      throw table.unsupported(
          "Flags", at + FLAGS_AT, Fault.number(flags), "up to 7; the other bits are reserved");
    }
    var entry =
        new MetadataTableEntry(
            Guid.parse(table, at),
            table.u32(at + OFFSET_AT),
            table.u32(at + LENGTH_AT),
            (flags & IS_USER) != 0,
            (flags & IS_REQUIRED) != 0,
            at);
    entry.checkPlace(table, region);
    return entry;
  }

  private void checkPlace(ByteView table, long region) throws ImageException {
    if (length == 0 && offset == 0) {
      return; // an item that is there and says nothing
    }
    if (length > MAX_LENGTH) {
      throw table.corrupt(
          "Length", at + LENGTH_AT, Fault.number(length), "up to " + Fault.number(MAX_LENGTH));
    }
    if (offset < MetadataTable.SIZE || offset > region || length > region - offset) {
      throw table.corrupt(
          "Offset",
          at + OFFSET_AT,
          Fault.number(offset) + " for an item of " + Fault.number(length) + " bytes",
          "from "
              + MetadataTable.SIZE
              + " on, inside the region's "
              + Fault.number(region)
              + " bytes");
    }
  }

  /** Checks the length of an item whose length is fixed. */
  void requireLength(ByteView table, String name, int expected) throws ImageException {
    if (length != expected) {
      throw table.corrupt(
          "Length of the " + name,
          at + LENGTH_AT,
          Fault.number(length),
          Integer.toString(expected));
    }
  }
}
