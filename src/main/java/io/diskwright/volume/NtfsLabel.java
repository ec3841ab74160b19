package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds an NTFS volume's name, without reading more of it than one record. */
final class NtfsLabel {

  private static final int VOLUME_RECORD = 3;
  private static final long VOLUME_NAME = 0x60;
  private static final long END = 0xFFFFFFFFL;
  private static final int MIN_RECORD = 256;
  private static final int MAX_RECORD = 65536;
  private static final int MAX_NAME = 256;

  private NtfsLabel() {}

  /**
   * The name; empty when there is none or it cannot be found.
   *
   * @param mftLcn the master file table's first cluster, not negative
   * @param clusterSize bytes
   * @param recordSize bytes of a file record
   */
  static String read(Window window, long mftLcn, long clusterSize, long recordSize)
      throws IOException {
    if (recordSize < MIN_RECORD
        || recordSize > MAX_RECORD
        || mftLcn > (window.length() - 1) / clusterSize) {
      return "";
    }
    long at = mftLcn * clusterSize + VOLUME_RECORD * recordSize;
    Optional<ByteView> found = window.little(at, (int) recordSize);
    if (found.isEmpty() || !found.get().startsWith(0, "FILE")) {
      return "";
    }
    ByteView record = found.get();
    // Names end long before the last two bytes of a sector, which the fix-up would have to restore.
    int position = record.u16(20);
    while (position <= recordSize - 24) {
      long type = record.u32(position);
      long length = record.u32(position + 4);
      if (type == END || length < 24 || length > recordSize - position) {
        return "";
      }
      if (type == VOLUME_NAME) {
        return name(record, position, (int) length);
      }
      position += (int) length;
    }
    return "";
  }

  private static String name(ByteView record, int attribute, int length) throws IOException {
    boolean resident = record.u8(attribute + 8) == 0;
    long bytes = record.u32(attribute + 16);
    int offset = record.u16(attribute + 20);
    return resident && bytes <= MAX_NAME && bytes <= length - offset
        ? Labels.label(record, attribute + offset, (int) bytes & ~1, StandardCharsets.UTF_16LE)
        : "";
  }
}
