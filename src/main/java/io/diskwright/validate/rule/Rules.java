package io.diskwright.validate.rule;

import io.diskwright.validate.filesystem.FilesystemRules;
import io.diskwright.validate.linux.BootLoaderRules;
import io.diskwright.validate.linux.ConfigRules;
import io.diskwright.validate.linux.DriverRules;
import io.diskwright.validate.linux.NetworkRules;
import io.diskwright.validate.linux.SecurityRules;
import io.diskwright.validate.linux.SoftwareRules;
import io.diskwright.validate.linux.SystemFileRules;
import io.diskwright.validate.linux.SystemRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every rule this version can decide. */
public final class Rules {

  private Rules() {}

  /** The rules by their ids. */
  public static Map<String, Rule> all() {
    var rules = new ArrayList<Rule>();
    rules.addAll(FormatRules.all());
    rules.addAll(VhdRules.all());
    rules.addAll(IntegrityRules.all());
    rules.addAll(DiskSizeRules.all());
    rules.addAll(DiskRules.all());
    rules.addAll(TableRules.all());
    rules.addAll(LayoutRules.all());
    rules.addAll(VolumeRules.all());
    rules.addAll(BootRules.all());
    rules.addAll(FilesystemRules.all());
    rules.addAll(ConfigRules.all());
    rules.addAll(SystemFileRules.all());
    rules.addAll(SystemRules.all());
    rules.addAll(BootLoaderRules.all());
    rules.addAll(DriverRules.all());
    rules.addAll(NetworkRules.all());
    rules.addAll(SecurityRules.all());
    rules.addAll(SoftwareRules.all());
    return byId(rules);
  }

  private static Map<String, Rule> byId(List<Rule> rules) {
    var result = new LinkedHashMap<String, Rule>();
    for (Rule rule : rules) {
      if (result.put(rule.id(), rule) != null) {
        throw new IllegalStateException("rule " + rule.id() + " stands twice");
      }
    }
    return result;
  }
}
