package io.diskwright.validate.linux;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** Which agents and tools are installed. */
public final class SoftwareRules {

  private SoftwareRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of();
  }
}
