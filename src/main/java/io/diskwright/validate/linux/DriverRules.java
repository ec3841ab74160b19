package io.diskwright.validate.linux;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** Whether the kernel has the drivers of the importer's machines. */
public final class DriverRules {

  private DriverRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of();
  }
}
