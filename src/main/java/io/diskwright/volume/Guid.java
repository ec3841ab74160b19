package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.UUID;

/** GUIDs as they lie on disk: the first three fields little-endian, the rest in order. */
final class Guid {

  static final int SIZE = 16;
  static final UUID ZERO = new UUID(0, 0);

  private Guid() {}

  /** Parses the 16 bytes at {@code at} of a little-endian view. */
  static UUID parse(ByteView view, int at) throws CorruptImage {
    long high = view.u32(at) << 32 | (long) view.u16(at + 4) << 16 | view.u16(at + 6);
    return new UUID(high, Long.reverseBytes(view.u64(at + 8)));
  }

  /** Puts a GUID at the position of a little-endian buffer. */
  static void put(ByteBuffer target, UUID guid) {
    long high = guid.getMostSignificantBits();
    target
        .putInt((int) (high >>> 32))
        .putShort((short) (high >>> 16))
        .putShort((short) high)
        .putLong(Long.reverseBytes(guid.getLeastSignificantBits()));
  }

  /** The customary upper-case form. */
  static String text(UUID guid) {
    return guid.toString().toUpperCase(Locale.ROOT);
  }
}
