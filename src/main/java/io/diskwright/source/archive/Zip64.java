package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;

/** The numbers of zip64: those that do not fit into the fields of the first zip. */
final class Zip64 {

  /** What stands in a 32-bit field whose number is elsewhere. */
  static final long ELSEWHERE = 0xFFFF_FFFFL;

  /** The same for 16 bits. */
  static final int ELSEWHERE_16 = 0xFFFF;

  private static final int ID = 1;

  private Zip64() {}

  /**
   * Looks up the numbers of a header.
   *
   * @param extra all extra fields of the header
   * @param fields as they stand in the header, in the order in which the extra field has them
   * @return the numbers, from 0 to 2^63 - 1
   * @throws CorruptImage when one is elsewhere, but not in the extra field
   */
  static long[] resolve(ByteView extra, long... fields) throws CorruptImage {
    long[] result = fields.clone();
    int at = find(extra);
    if (at < 0) {
      return result; // an archive of before zip64, in which no number means anything else
    }
    int end = at + extra.u16(at - 2);
    for (int i = 0; i < fields.length; i++) {
      if (fields[i] == ELSEWHERE) {
        if (end - at < 8 || extra.u64(at) < 0) {
          throw extra.corrupt("zip64", at, "no number of 64 bits", "one below 2^63");
        }
        result[i] = extra.u64(at);
        at += 8;
      }
    }
    return result;
  }

  /** Whether a header has the extra field. */
  static boolean isIn(ByteView extra) throws CorruptImage {
    return find(extra) >= 0;
  }

  /** Where the content of zip64's field starts; -1 for none. */
  private static int find(ByteView extra) throws CorruptImage {
    for (int at = 0; extra.length() - at >= 4; ) { // some writers pad with less than a field
      int size = extra.u16(at + 2);
      if (size > extra.length() - at - 4) {
        throw extra.corrupt(
            "extra field", at, Fault.number(size) + " bytes", "inside the header's extra fields");
      }
      if (extra.u16(at) == ID) {
        return at + 4;
      }
      at += 4 + size;
    }
    return -1;
  }
}
