package io.diskwright.format.vhd;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of the eight entries of a dynamic header that say where the parent lies. The platform data
 * space between code and length is not kept: the specification counts it in sectors, most writers
 * in bytes, and nobody needs it.
 *
 * @param platformCode four characters that say how the name is written; NULs in an unused entry
 * @param platformDataLength bytes of the name
 * @param platformDataOffset where the name stands, in bytes from the start of the file
 * @param offset where this entry stands, in bytes from the start of the file
 */
record ParentLocator(
    String platformCode, long platformDataLength, long platformDataOffset, long offset) {

  /** A path on Windows, relative to the image, in UTF-16. */
  static final String WINDOWS_RELATIVE = "W2ru";

  /** An absolute path on Windows, in UTF-16. */
  static final String WINDOWS_ABSOLUTE = "W2ku";

  /** As {@link #WINDOWS_RELATIVE} in one byte a character; deprecated. */
  static final String OLD_RELATIVE = "Wi2r";

  /** As {@link #WINDOWS_ABSOLUTE} in one byte a character; deprecated. */
  static final String OLD_ABSOLUTE = "Wi2k";

  /** A file URL in UTF-8. */
  static final String MAC_URL = "MacX";

  private static final int FIRST_AT = 576;
  private static final int SIZE = 24;
  private static final int COUNT = 8;

  /** Bytes of the longest path that Windows takes, 32,767 characters, and some. */
  private static final int MAX_NAME = 1 << 16;

  /** The entries of a dynamic header, unused ones left out, in the header's order. */
  static List<ParentLocator> of(ByteView header) throws ImageException {
    var used = new ArrayList<ParentLocator>();
    for (int i = 0; i < COUNT; i++) {
      int at = FIRST_AT + i * SIZE;
      var locator =
          new ParentLocator(
              header.text(at, 4, StandardCharsets.ISO_8859_1),
              header.u32(at + 8),
              header.u64(at + 16),
              header.offset() + at);
      if (locator.platformCode.isEmpty()) {
        continue;
      }
      if (locator.platformDataLength > MAX_NAME) {
        throw header.tooLarge(
            "parent locator " + i + " platform data length",
            at + 8,
            Fault.number(locator.platformDataLength),
            "up to " + Fault.number(MAX_NAME));
      }
      used.add(locator);
    }
    return used;
  }

  /**
   * The name it gives the parent; empty when it holds none, or one that no file here can have.
   *
   * @throws io.diskwright.io.CorruptImage when the name does not stand in the file
   */
  Optional<ParentName> name(ByteSource source) throws IOException {
    ByteView data =
        source.view(
            structure(), platformDataOffset, (int) platformDataLength, ByteOrder.LITTLE_ENDIAN);
    int length = data.length();
    return switch (platformCode) {
      case WINDOWS_RELATIVE, WINDOWS_ABSOLUTE ->
          windows(data.text(0, length, StandardCharsets.UTF_16LE));
      case OLD_RELATIVE, OLD_ABSOLUTE -> windows(data.text(0, length, StandardCharsets.ISO_8859_1));
      case MAC_URL ->
          ParentName.ofUrl(structure(), data.text(0, length, StandardCharsets.UTF_8), offset);
      default -> Optional.empty();
    };
  }

  private Optional<ParentName> windows(String name) {
    return ParentName.ofWindows(structure(), name, offset);
  }

  private String structure() {
    return "parent locator " + platformCode;
  }
}
