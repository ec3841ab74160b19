package io.diskwright.guest.boot;

import io.diskwright.guest.os.BootLoaderEntry;
import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries of the Boot Loader Specification, type 1, the newest first. */
final class LoaderEntries {

  private static final List<String> DIRECTORIES =
      List.of("boot/loader/entries", "boot/efi/loader/entries", "efi/loader/entries");

  private LoaderEntries() {}

  /** The entries of the first directory that has some. */
  static Optional<List<BootEntry>> read(GuestReader reader) throws IOException {
    return read(reader, "");
  }

  /**
   * The entries of the first directory that has some.
   *
   * @param kernelOptions what stands for {@code $kernelopts}
   */
  static Optional<List<BootEntry>> read(GuestReader reader, String kernelOptions)
      throws IOException {
    for (String directory : DIRECTORIES) {
      List<BootEntry> entries = new ArrayList<>();
      for (BootLoaderEntry entry : BootLoaderEntry.read(reader, directory)) {
        String path = directory + "/" + entry.id() + ".conf";
        String text = reader.text(path).orElse("");
        List<String> initrds = new ArrayList<>();
        String title = entry.id();
        for (String line : (Iterable<String>) text.lines()::iterator) {
          String[] words = line.strip().split("\\s+", -1);
          if (words[0].equals("initrd")) {
            for (int i = 1; i < words.length; i++) {
              if (!words[i].startsWith("$")) {
                initrds.add(words[i]);
              }
            }
          } else if (words[0].equals("title")) {
            title = line.strip().substring("title".length()).strip();
          }
        }
        String options = entry.options().replace("$kernelopts", kernelOptions);
        entries.add(
            new BootEntry(title, entry.id(), entry.linux(), initrds, options, "", "/" + path));
      }
      if (!entries.isEmpty()) {
        return Optional.of(entries);
      }
    }
    return Optional.empty();
  }
}
