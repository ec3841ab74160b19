package io.diskwright.validate.linux;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** How a Linux is started. */
public final class BootLoaderRules {

  private BootLoaderRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of();
  }
}
