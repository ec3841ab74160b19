package io.diskwright.filesystem.fat;

/**
 * Code page 437, which Linux takes for short names unless told otherwise. A table of its own, since
 * the JDK keeps the charset in a module that small runtimes leave out.
 */
final class CodePage437 {

  private static final String UPPER_HALF =
      "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
          + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

  private CodePage437() {}

  static String decode(byte[] bytes) {
    var text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      text.append(decode(b));
    }
    return text.toString();
  }

  static char decode(byte b) {
    return b >= 0 ? (char) b : UPPER_HALF.charAt(b & 0x7f);
  }

  /** The lower case of a letter, where the code page has it. */
  static char toLowerCase(char c) {
    char lower = Character.toLowerCase(c);
    return lower < 0x80 || UPPER_HALF.indexOf(lower) >= 0 ? lower : c;
  }
}
