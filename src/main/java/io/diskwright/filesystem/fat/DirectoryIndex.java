package io.diskwright.filesystem.fat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory by their names, for lookups. It is as large as its directory, of which
 * the specification bounds the size.
 */
final class DirectoryIndex {

  private final Map<String, ShortEntry> exact = new HashMap<>();
  private final Map<String, ShortEntry> folded = new HashMap<>();

  private DirectoryIndex() {}

  static DirectoryIndex read(FatVolume volume, long number) throws IOException {
    var index = new DirectoryIndex();
    var scan = new DirectoryScan(volume, number);
    for (NamedEntry entry = scan.next(); entry != null; entry = scan.next()) {
      index.exact.putIfAbsent(entry.name(), entry.entry());
      index.folded.putIfAbsent(fold(entry.name()), entry.entry());
      if (!entry.shortName().isEmpty()) {
        index.folded.putIfAbsent(fold(entry.shortName()), entry.entry());
      }
    }
    return index;
  }

  /**
   * The entry of that name: as it is written, else in whatever case and by its short name too.
   * Systems that distinguish case can have left names that differ in nothing else.
   */
  Optional<ShortEntry> find(String name) {
    @Nullable ShortEntry found = exact.get(name);
    return Optional.ofNullable(found != null ? found : folded.get(fold(name)));
  }

  /** Each UTF-16 unit on its own, as Windows compares names. */
  static String fold(String name) {
    char[] units = name.toCharArray();
    for (int i = 0; i < units.length; i++) {
      units[i] = Character.toUpperCase(units[i]);
    }
    return new String(units);
  }
}
