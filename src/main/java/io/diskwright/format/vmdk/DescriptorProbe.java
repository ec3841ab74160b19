package io.diskwright.format.vmdk;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Tells descriptors by their first comment, which most have, or by the one key that all have when
 * the whole file is small and plain text.
 */
final class DescriptorProbe {

  private static final String SIGNATURE = "disk descriptorfile";

  private DescriptorProbe() {}

  /**
   * Whether a file that starts with these bytes is a descriptor.
   *
   * @param size bytes of the whole file
   */
  static boolean startsHere(ByteView head, long size) throws CorruptImage {
    String text = head.text(0, head.length(), StandardCharsets.ISO_8859_1);
    int start = text.startsWith(Descriptor.BOM) ? Descriptor.BOM.length() : 0;
    boolean comments = true;
    while (start < text.length()) {
      int end = Descriptor.endOfLine(text, start);
      String line = text.substring(start, end).strip().toLowerCase(Locale.ROOT);
      comments = comments && (line.isEmpty() || line.startsWith("#"));
      if (comments && line.startsWith("#") && line.substring(1).strip().equals(SIGNATURE)) {
        return true;
      }
      if (!comments && size > head.length()) {
        return false;
      }
      if (line.startsWith(Descriptor.CREATE_TYPE)
          && line.substring(Descriptor.CREATE_TYPE.length()).stripLeading().startsWith("=")) {
        return isText(text);
      }
      start = end + 1;
    }
    return false;
  }

  private static boolean isText(String text) {
    return text.chars().allMatch(c -> c >= ' ' || c == '\t' || c == '\n' || c == '\r');
  }
}
