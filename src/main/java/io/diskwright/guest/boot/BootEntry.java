package io.diskwright.guest.boot;

import java.util.List;

/**
 * An entry of a boot menu.
 *
 * @param title for people
 * @param id by which a default may name it, empty when it has none
 * @param kernel the image's path as the loader reads it, from the top of its volume
 * @param initrds paths of the initramfs, none when it has none
 * @param options the kernel's command line
 * @param volumeUuid of the filesystem the paths lie on, empty when that is not said
 * @param where the file, and the line the entry begins in
 */
public record BootEntry(
    String title,
    String id,
    String kernel,
    List<String> initrds,
    String options,
    String volumeUuid,
    String where) {

  /** Takes a copy of the list. */
  public BootEntry {
    initrds = List.copyOf(initrds);
  }

  /** The value of the last option with a name, empty when there is none. */
  public String option(String name) {
    String value = "";
    for (String word : options.split("\\s+", -1)) {
      if (word.startsWith(name + "=")) {
        value = word.substring(name.length() + 1);
      }
    }
    return value;
  }
}
