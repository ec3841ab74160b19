package io.diskwright.source.compressed;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.zip.CRC32;

/** The header of a gzip member, of which nothing is needed but that it is sound. */
final class GzipHeader {

  private static final String STRUCTURE = "gzip member header";
  private static final int ID1 = 0x1f;
  private static final int ID2 = 0x8b;
  private static final int FIXED = 10;
  private static final int DEFLATE = 8;
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;
  private static final int RESERVED = 0xe0;

  private GzipHeader() {}

  /** Whether a member starts like this; of a truncated one the first byte is enough. */
  static boolean isMagic(ByteView start) throws CorruptImage {
    return start.length() > 0 && start.u8(0) == ID1 && (start.length() == 1 || start.u8(1) == ID2);
  }

  /** Takes it from the input; a name or comment of any length is passed over. */
  static void take(CompressedInput in) throws IOException {
    var crc = new CRC32();
    ByteView fixed = in.take(STRUCTURE, FIXED);
    crc.update(fixed.bytes(0, FIXED));
    if (!isMagic(fixed)) {
      throw fixed.corrupt("ID1, ID2", 0, fixed.u8(0) + ", " + fixed.u8(1), ID1 + ", " + ID2);
    }
    if (fixed.u8(2) != DEFLATE) {
      throw fixed.unsupported("CM", 2, Fault.number(fixed.u8(2)), "8, deflate");
    }
    int flags = fixed.u8(3);
    if ((flags & RESERVED) != 0) {
      throw fixed.unsupported("FLG", 3, Fault.number(flags), "the reserved bits 5 to 7 clear");
    }
    if ((flags & FEXTRA) != 0) {
      ByteView length = in.take(STRUCTURE + " XLEN", Short.BYTES);
      crc.update(length.bytes(0, Short.BYTES));
      crc.update(in.take(STRUCTURE + " extra field", length.u16(0)).bytes(0, length.u16(0)));
    }
    if ((flags & FNAME) != 0) {
      passText(in, STRUCTURE + " FNAME", crc);
    }
    if ((flags & FCOMMENT) != 0) {
      passText(in, STRUCTURE + " FCOMMENT", crc);
    }
    if ((flags & FHCRC) != 0) {
      int computed = (int) crc.getValue() & 0xffff;
      ByteView stored = in.take(STRUCTURE, Short.BYTES);
      if (stored.u16(0) != computed) {
        throw stored.corrupt("CRC16", 0, Fault.number(stored.u16(0)), Fault.number(computed));
      }
    }
  }

  private static void passText(CompressedInput in, String field, CRC32 crc) throws IOException {
    int next;
    do {
      next = in.read();
      if (next < 0) {
        throw in.truncated(field);
      }
      crc.update(next);
    } while (next != 0);
  }
}
