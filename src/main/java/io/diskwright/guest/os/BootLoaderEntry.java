package io.diskwright.guest.os;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A boot menu entry of the Boot Loader Specification, type 1.
 *
 * @param id the file's name without {@code .conf}
 * @param version of the kernel, empty when it does not say
 * @param linux the image's path on its volume, empty when it does not say
 * @param options the kernel's command line
 */
public record BootLoaderEntry(String id, String version, String linux, String options) {

  static final String SUFFIX = ".conf";

  private static final int MAX_FIELDS = 64;

  /**
   * The entries in a directory, in the order of their menu: the newest first; those that only serve
   * a rescue are left out.
   */
  public static List<BootLoaderEntry> read(GuestReader reader, String directory)
      throws IOException {
    List<BootLoaderEntry> entries = new ArrayList<>();
    for (String name : reader.names(directory, n -> n.endsWith(SUFFIX))) {
      if (entries.size() < Limits.KERNELS) {
        reader
            .text(directory + "/" + name)
            .map(text -> parse(name, text))
            .filter(entry -> !entry.isRescue())
            .ifPresent(entries::add);
      }
    }
    entries.sort(
        Comparator.comparing(BootLoaderEntry::version, VersionOrder.INSTANCE)
            .thenComparing(BootLoaderEntry::id, VersionOrder.INSTANCE)
            .reversed());
    return entries;
  }

  static BootLoaderEntry parse(String fileName, String text) {
    Map<String, String> fields = new HashMap<>();
    for (String raw : Limits.lines(text)) {
      String[] words = raw.strip().split("\\s+", 2);
      if (words.length == 2 && fields.size() < MAX_FIELDS) {
        fields.putIfAbsent(words[0], words[1]);
      }
    }
    return new BootLoaderEntry(
        fileName.substring(0, fileName.length() - SUFFIX.length()),
        fields.getOrDefault("version", ""),
        fields.getOrDefault("linux", ""),
        fields.getOrDefault("options", ""));
  }

  /** Whether it only serves a rescue. */
  boolean isRescue() {
    return id.contains("-0-rescue") || version.contains("0-rescue");
  }
}
