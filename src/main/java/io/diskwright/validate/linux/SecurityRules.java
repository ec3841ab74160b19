package io.diskwright.validate.linux;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** How a Linux is reached and guarded: ssh, firewall, accounts. */
public final class SecurityRules {

  private SecurityRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of();
  }
}
