package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** GUIDs as they lie on disk (the first three fields little-endian) and as they are written. */
final class Guid {

  static final int SIZE = 16;
  static final UUID ZERO = new UUID(0, 0);

  private static final Pattern TEXT =
      Pattern.compile(
          "\\{?(\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12})}?");

  private Guid() {}

  /** Parses the 16 bytes at {@code at} of a little-endian view. */
  static UUID parse(ByteView view, int at) throws CorruptImage {
    long high = view.u32(at) << 32 | (long) view.u16(at + 4) << 16 | view.u16(at + 6);
    return new UUID(high, Long.reverseBytes(view.u64(at + 8)));
  }

  /** Parses the customary form, in braces or not; empty when the text is no GUID. */
  static Optional<UUID> parse(String text) {
    var matcher = TEXT.matcher(text);
    return matcher.matches() ? Optional.of(UUID.fromString(matcher.group(1))) : Optional.empty();
  }

  /** The customary form. */
  static String text(UUID guid) {
    return "{" + guid + "}";
  }
}
