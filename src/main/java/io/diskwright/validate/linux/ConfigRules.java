package io.diskwright.validate.linux;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** What a Linux configures: fstab, the account files, the clock. */
public final class ConfigRules {

  private ConfigRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of();
  }
}
