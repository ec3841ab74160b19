package io.diskwright.validate.linux;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** How a Linux configures its network. */
public final class NetworkRules {

  private NetworkRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of();
  }
}
