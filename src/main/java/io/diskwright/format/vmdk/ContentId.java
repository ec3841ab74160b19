package io.diskwright.format.vmdk;

import io.diskwright.io.CorruptImage;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A CID: a number that a writer changes whenever it changes a disk's content for the first time, so
 * that a delta can tell whether its parent is still what it was.
 *
 * @param value 32 bits
 */
record ContentId(long value) {

  /** What parentCID is of a disk without a parent. */
  static final ContentId NONE = new ContentId(0xffffffffL);

  private static final Pattern HEX = Pattern.compile("(?:0x)?([0-9a-f]{1,8})");
  private static final int RADIX = 16;

  /**
   * Reads the value of a descriptor's line.
   *
   * @param source the descriptor's file, for messages
   * @param key as messages name it
   */
  static ContentId parse(String source, String key, Descriptor.Value value) throws CorruptImage {
    var matcher = HEX.matcher(value.text().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new CorruptImage(
          source,
          "descriptor " + key,
          value.at(),
          ExtentLine.shown(value.text()),
          "up to 8 hexadecimal digits");
    }
    return new ContentId(Long.parseLong(matcher.group(1), RADIX));
  }

  /** Eight digits, as descriptors have it. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%08x", value);
  }
}
