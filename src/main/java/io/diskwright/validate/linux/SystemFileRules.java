package io.diskwright.validate.linux;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** Whether the files a Linux needs are there, and as they were installed. */
public final class SystemFileRules {

  private SystemFileRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of();
  }
}
