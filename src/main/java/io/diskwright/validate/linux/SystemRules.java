package io.diskwright.validate.linux;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** Which Linux it is, and whether the importer knows it. */
public final class SystemRules {

  private SystemRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of();
  }
}
