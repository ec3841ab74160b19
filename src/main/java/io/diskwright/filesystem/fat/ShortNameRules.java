package io.diskwright.filesystem.fat;

import io.diskwright.io.Fault;
import java.util.Optional;

/** Which characters the specification allows in short names. */
final class ShortNameRules {

  private static final String FORBIDDEN = "\"*+,./:;<=>?[\\]|";

  private ShortNameRules() {}

  /** What is wrong with a name, for people; empty when nothing is. */
  static Optional<String> violation(ShortEntry entry) {
    byte[] name = entry.name();
    if (name[0] == ' ') {
      return Optional.of("a space at the start");
    }
    for (int i = 0; i < name.length; i++) {
      int c = Byte.toUnsignedInt(name[i]);
      boolean lead = i == 0 && c == 0x05;
      if ((c < ' ' && !lead) || FORBIDDEN.indexOf(c) >= 0) {
        return Optional.of("character " + Fault.number(c));
      }
    }
    return Optional.empty();
  }
}
