package io.diskwright.format.vhdx;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.charset.StandardCharsets;

/**
 * The first bytes of the file.
 *
 * @param creator the program that says it made the image; empty when it does not say
 */
record FileTypeIdentifier(String creator) {

  static final String NAME = "file type identifier";
  static final String SIGNATURE = "vhdxfile";
  static final int SIZE = 520;

  private static final int CREATOR_AT = 8;

  static FileTypeIdentifier parse(ByteView view) throws CorruptImage {
    if (!view.startsWith(0, SIGNATURE)) {
      throw view.corrupt(
          "Signature", 0, "'" + view.text(0, 8, StandardCharsets.ISO_8859_1) + "'", SIGNATURE);
    }
    return new FileTypeIdentifier(
        view.text(CREATOR_AT, SIZE - CREATOR_AT, StandardCharsets.UTF_16LE).strip());
  }
}
