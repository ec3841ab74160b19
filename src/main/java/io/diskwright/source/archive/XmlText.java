package io.diskwright.source.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An XML document as text. The JDK's parser would do it as well, but complains about bytes of no
 * charset on standard error.
 */
final class XmlText {

  private static final int DECLARATION = 200;
  private static final char BYTE_ORDER_MARK = '\ufeff';
  private static final Pattern ENCODING =
      Pattern.compile("^<\\?xml[^>]*\\sencoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");

  private XmlText() {}

  /**
   * Decodes a document by its byte order mark, its declaration, or else as UTF-8.
   *
   * @throws CharacterCodingException when its bytes are no text of that charset
   * @throws UnsupportedCharsetException when nobody knows the charset
   */
  static String decode(byte[] content) throws CharacterCodingException {
    Charset charset = charset(content);
    String text = charset.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  private static Charset charset(byte[] content) {
    int first = content.length < 2 ? 0 : (content[0] & 0xff) << 8 | content[1] & 0xff;
    switch (first) {
      case 0xfeff, '<' -> {
        return StandardCharsets.UTF_16BE;
      }
      case 0xfffe, '<' << 8 -> {
        return StandardCharsets.UTF_16LE;
      }
      default -> {
        // any charset in which the declaration is ASCII
      }
    }
    int length = Math.min(content.length, DECLARATION);
    Matcher declared =
        ENCODING.matcher(new String(content, 0, length, StandardCharsets.ISO_8859_1));
    try {
      return declared.find() ? Charset.forName(declared.group(1)) : StandardCharsets.UTF_8;
    } catch (IllegalCharsetNameException e) {
      throw new UnsupportedCharsetException(declared.group(1));
    }
  }
}
