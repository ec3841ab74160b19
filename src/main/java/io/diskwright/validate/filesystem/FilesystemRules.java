package io.diskwright.validate.filesystem;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** Whether the filesystems are sound, of a wanted kind and not full. */
public final class FilesystemRules {

  private FilesystemRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of();
  }
}
