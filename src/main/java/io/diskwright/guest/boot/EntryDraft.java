package io.diskwright.guest.boot;

import java.util.ArrayList;
import java.util.List;

/** An entry of a boot menu while its lines are read. For one thread. */
final class EntryDraft {

  private final String title;
  private final String id;
  private final String where;
  private final List<String> initrds = new ArrayList<>();
  private String kernel = "";
  private String options = "";

  /**
   * Begins an entry.
   *
   * @param where path and line
   */
  EntryDraft(String title, String id, String where) {
    this.title = title;
    this.id = id;
    this.where = where;
  }

  boolean hasKernel() {
    return !kernel.isEmpty();
  }

  void kernel(String path) {
    kernel = path;
  }

  void options(String line) {
    options = line;
  }

  void initrd(String path) {
    initrds.add(path);
  }

  BootEntry entry() {
    return new BootEntry(title, id, kernel, initrds, options, "", where);
  }
}
