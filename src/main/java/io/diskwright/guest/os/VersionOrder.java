package io.diskwright.guest.os;

import java.util.Comparator;

/**
 * Versions as people count: runs of digits by their value, what is between them as text, and the
 * end of a version before what continues it, but after a tilde.
 */
final class VersionOrder implements Comparator<String> {

  static final VersionOrder INSTANCE = new VersionOrder();

  private VersionOrder() {}

  @Override
  public int compare(String left, String right) {
    int l = 0;
    int r = 0;
    while (l < left.length() && r < right.length()) {
      boolean digits = isDigit(left.charAt(l)) && isDigit(right.charAt(r));
      if (!digits) {
        int order = Integer.compare(weight(left.charAt(l)), weight(right.charAt(r)));
        if (order != 0) {
          return order;
        }
        l++;
        r++;
        continue;
      }
      int leftEnd = numberEnd(left, l);
      int rightEnd = numberEnd(right, r);
      String leftNumber = withoutZeros(left.substring(l, leftEnd));
      String rightNumber = withoutZeros(right.substring(r, rightEnd));
      int order = Integer.compare(leftNumber.length(), rightNumber.length());
      order = order != 0 ? order : leftNumber.compareTo(rightNumber);
      if (order != 0) {
        return order;
      }
      l = leftEnd;
      r = rightEnd;
    }
    return Integer.compare(rest(left, l), rest(right, r));
  }

  private static int rest(String version, int at) {
    if (at == version.length()) {
      return 0;
    }
    return version.charAt(at) == '~' ? -1 : 1;
  }

  /** A tilde comes first, then separators, then letters, then digits. */
  private static int weight(char c) {
    if (c == '~') {
      return -1;
    }
    return Character.isLetter(c) ? c + 0x10000 : isDigit(c) ? c + 0x20000 : c;
  }

  private static int numberEnd(String text, int from) {
    int at = from;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static String withoutZeros(String number) {
    int at = 0;
    while (at < number.length() - 1 && number.charAt(at) == '0') {
      at++;
    }
    return number.substring(at);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
