package io.diskwright.validate.rule;

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
