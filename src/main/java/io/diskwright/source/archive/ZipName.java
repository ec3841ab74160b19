package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The names in zip archives. */
final class ZipName {

  private ZipName() {}

  /**
   * A name as text. Names of old archives have an unknown charset; what is no UTF-8 is taken as
   * Latin-1, under which every name stays different from every other.
   */
  static String text(ByteView name) throws CorruptImage {
    byte[] bytes = name.bytes(0, name.length());
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      text = new String(bytes, StandardCharsets.ISO_8859_1);
    }
    // Some writers on Windows put the separator of their own system in.
    return text.replace('\\', '/');
  }
}
