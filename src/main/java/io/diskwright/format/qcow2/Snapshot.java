package io.diskwright.format.qcow2;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * An entry of the snapshot table.
 *
 * @param offset where the entry stands, bytes from the start of the file
 * @param l1TableOffset bytes from the start of the file
 * @param l1Size entries
 * @param id what the writer tells it from others by
 * @param name as the user gave it
 * @param diskSize bytes of the disk when it was taken; old entries lack it
 * @param length bytes of the entry with its padding
 */
record Snapshot(
    long offset,
    long l1TableOffset,
    long l1Size,
    String id,
    String name,
    OptionalLong diskSize,
    long length) {

  static final String NAME = "snapshot table entry";

  /** Bytes of the part every entry has, from which {@link #length} follows. */
  static final int FIXED = 40;

  static final int L1_TABLE_OFFSET_AT = 0;
  static final int L1_SIZE_AT = 8;
  static final int EXTRA_DATA_SIZE_AT = 36;

  /** Bytes of extra data that hold the disk's size. */
  static final int EXTRA_WITH_DISK_SIZE = 16;

  private static final int ID_STR_SIZE_AT = 12;
  private static final int NAME_SIZE_AT = 14;
  private static final int DISK_SIZE_AT = FIXED + 8;
  private static final int MAX_EXTRA_DATA = 1024;
  private static final int MAX_SHOWN = 64;

  /**
   * The bytes of an entry without its padding.
   *
   * @param fixed its first {@link #FIXED} bytes
   */
  static int length(ByteView fixed) throws CorruptImage {
    long extra = fixed.u32(EXTRA_DATA_SIZE_AT);
    if (extra > MAX_EXTRA_DATA) {
      throw fixed.corrupt(
          "extra_data_size",
          EXTRA_DATA_SIZE_AT,
          Fault.number(extra),
          "up to " + MAX_EXTRA_DATA + " bytes");
    }
    return FIXED + (int) extra + fixed.u16(ID_STR_SIZE_AT) + fixed.u16(NAME_SIZE_AT);
  }

  /**
   * Reads an entry.
   *
   * @param view as long as {@link #length(ByteView)} says
   */
  static Snapshot parse(ByteView view) throws ImageException {
    int extra = (int) view.u32(EXTRA_DATA_SIZE_AT);
    int idAt = FIXED + extra;
    int nameAt = idAt + view.u16(ID_STR_SIZE_AT);
    OptionalLong diskSize = OptionalLong.empty();
    if (extra >= EXTRA_WITH_DISK_SIZE) {
      long size = view.u64(DISK_SIZE_AT);
      if (size < 0) {
        throw view.corrupt("disk_size", DISK_SIZE_AT, Fault.number(size), "up to 2^63-1 bytes");
      }
      diskSize = OptionalLong.of(size);
    }
    return new Snapshot(
        view.offset(),
        view.u64(L1_TABLE_OFFSET_AT),
        view.u32(L1_SIZE_AT),
        view.text(idAt, view.u16(ID_STR_SIZE_AT), StandardCharsets.UTF_8),
        view.text(nameAt, view.u16(NAME_SIZE_AT), StandardCharsets.UTF_8),
        diskSize,
        (view.length() + 7L) & ~7L);
  }

  /** Its id and name, for messages and reports; long ones are cut. */
  String title() {
    return shown(id) + " '" + shown(name) + "'";
  }

  private static String shown(String text) {
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
  }

  /** Checks where the snapshot's L1 table lies; the table itself is not read. */
  void checkL1(ByteSource source, ByteView view, int clusterSize) throws ImageException {
    if (l1Size > L1Table.MAX_ENTRIES) {
      throw view.tooLarge(
          "l1_size",
          L1_SIZE_AT,
          Fault.number(l1Size) + " entries",
          "up to " + Fault.number(L1Table.MAX_ENTRIES));
    }
    if (l1TableOffset < 0
        || l1TableOffset % clusterSize != 0
        || l1TableOffset > source.size()
        || l1Size * Long.BYTES > source.size() - l1TableOffset) {
      throw view.corrupt(
          "l1_table_offset",
          L1_TABLE_OFFSET_AT,
          Fault.number(l1TableOffset) + " for " + l1Size + " entries",
          "multiples of the cluster size "
              + clusterSize
              + ", the whole table inside the file's "
              + Fault.number(source.size())
              + " bytes");
    }
  }
}
