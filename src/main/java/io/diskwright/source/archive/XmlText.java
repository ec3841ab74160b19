package io.diskwright.source.archive;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An XML document as text. The JDK's parser would do it as well, but complains about bytes of no
 * charset on standard error.
 */
final class XmlText {

  private static final int DECLARATION = 200;
  private static final Pattern ENCODING =
      Pattern.compile("^<\\?xml[^>]*\\sencoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");

  private XmlText() {}

  /**
   * Decodes a document by its byte order mark, its declaration, or else as UTF-8. Reading throws
   * {@link java.nio.charset.CharacterCodingException} for bytes that are no text of that charset.
   *
   * @throws UnsupportedCharsetException when nobody knows the charset
   */
  static Reader reader(byte[] content) {
    Charset charset = charset(content);
    int mark = mark(content);
    return new InputStreamReader(
        new ByteArrayInputStream(content, mark, content.length - mark), charset.newDecoder());
  }

  private static int mark(byte[] content) {
    for (String mark : new String[] {"\u00fe\u00ff", "\u00ff\u00fe", "\u00ef\u00bb\u00bf"}) {
      byte[] bytes = mark.getBytes(StandardCharsets.ISO_8859_1);
      if (Arrays.equals(
          content, 0, Math.min(bytes.length, content.length), bytes, 0, bytes.length)) {
        return bytes.length;
      }
    }
    return 0;
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
