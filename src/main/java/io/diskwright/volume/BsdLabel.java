package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The label by which the BSDs divide a slice of an MBR, or a whole disk, into partitions named by
 * letters ({@code struct disklabel} of 4.3BSD-Reno and its descendants).
 *
 * @param partitions in the order of their letters
 */
record BsdLabel(List<Entry> partitions) {

  /**
   * A partition.
   *
   * @param start first byte of the disk
   * @param length bytes
   */
  record Entry(char letter, long start, long length, int fileSystemType) {}

  /** Types of MBR partitions that hold a label. */
  static final Set<String> SLICES = Set.of("a5", "a6", "a9");

  /** It lies in the second sector; the first is for the boot loader. */
  static final int OFFSET = 512;

  private static final long MAGIC = 0x82564557L;
  private static final int PARTITIONS = 148;
  private static final int ENTRY = 16;
  private static final int MAX_PARTITIONS = 22;
  private static final int WHOLE = 2;
  private static final int SECTOR = 512;

  /**
   * The label of a slice.
   *
   * @param sliceStart first byte of the slice on the disk
   * @return empty when there is none whose checksum is right
   */
  static Optional<BsdLabel> read(Window slice, long sliceStart) throws IOException {
    Optional<ByteView> found = slice.little(OFFSET, SECTOR);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ByteView view = found.get();
    int count = view.u16(138);
    boolean label =
        view.u32(0) == MAGIC
            && view.u32(132) == MAGIC
            && count <= MAX_PARTITIONS
            && isSummedUp(view, count);
    return label ? Optional.of(new BsdLabel(entries(view, count, sliceStart))) : Optional.empty();
  }

  /** All words of 16 bits, the checksum's own among them, give 0. */
  private static boolean isSummedUp(ByteView view, int count) throws CorruptImage {
    int sum = 0;
    for (int at = 0; at < PARTITIONS + ENTRY * count; at += 2) {
      sum ^= view.u16(at);
    }
    return sum == 0;
  }

  private static List<Entry> entries(ByteView view, int count, long sliceStart)
      throws CorruptImage {
    // FreeBSD counts from the slice's start and says so by a partition c at 0; others from the
    // disk's.
    boolean relative = count > WHOLE && view.u32(PARTITIONS + ENTRY * WHOLE + 4) == 0;
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = PARTITIONS + ENTRY * i;
      long length = view.u32(at) * SECTOR;
      int type = view.u8(at + 12);
      if (i != WHOLE && length > 0 && type != 0) {
        long start = view.u32(at + 4) * SECTOR + (relative ? sliceStart : 0);
        entries.add(new Entry((char) ('a' + i), start, length, type));
      }
    }
    return List.copyOf(entries);
  }
}
