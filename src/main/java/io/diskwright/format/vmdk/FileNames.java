package io.diskwright.format.vmdk;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;

/**
 * Decodes the file names of a descriptor.
 *
 * @param source the descriptor's file, for messages
 * @param encoding what the descriptor says it is in; UTF-8 when it does not say
 */
record FileNames(String source, Optional<String> encoding) {

  /**
   * A name as the file system has it.
   *
   * @param structure where the name stands, for messages
   * @param at where its line starts, in bytes
   * @param raw each byte of the descriptor as one char
   * @throws UnsupportedFeature when the name needs an encoding that this machine does not have
   * @throws CorruptImage when the name is not in that encoding
   */
  String decode(String structure, long at, String raw) throws ImageException {
    if (raw.chars().allMatch(c -> c < 0x80)) {
      return raw;
    }
    try {
      return charset(encoding.orElse("UTF-8"), at)
          .newDecoder()
          .decode(ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new CorruptImage(
          source,
          structure,
          at,
          "a name that is not in " + encoding.orElse("UTF-8"),
          encoding.isPresent() ? "names in the descriptor's encoding" : "an encoding= line",
          "Add or correct the descriptor's encoding=\"…\" line, or rename the files in ASCII");
    }
  }

  private Charset charset(String name, long at) throws UnsupportedFeature {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new UnsupportedFeature(
          source,
          "descriptor encoding",
          at,
          ExtentLine.shown(name) + ", which this machine cannot decode",
          "UTF-8, or another encoding known here",
          "Rewrite the descriptor in UTF-8 with encoding=\"UTF-8\"");
    }
  }

  /** A name decoded as well as it goes, control characters escaped. */
  String readable(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
    Charset charset = Charset.forName(encoding.orElse("UTF-8"), StandardCharsets.UTF_8);
    return Fault.printable(new String(bytes, charset));
  }

  /** The same, quoted and short enough for a message. */
  String shown(String raw) {
    return ExtentLine.shown(readable(raw));
  }
}
