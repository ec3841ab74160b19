package io.diskwright.filesystem.ext;

import java.text.Normalizer;
import java.util.Locale;

/** Names as directories that ignore case compare them: decomposed and folded. */
final class CaseFolding {

  private CaseFolding() {}

  /** What all names have in common that such a directory takes for one. */
  static String fold(String name) {
    String upper = Normalizer.normalize(name, Normalizer.Form.NFD).toUpperCase(Locale.ROOT);
    return Normalizer.normalize(upper.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
  }
}
