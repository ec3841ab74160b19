package io.diskwright.validate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every rule diskwright knows, whether this version can decide it or not. */
public final class Catalogue {

  private final String dated;
  private final Map<String, CatalogueEntry> entries;

  private Catalogue(String dated, Map<String, CatalogueEntry> entries) {
    this.dated = dated;
    this.entries = entries;
  }

  /** Reads the catalogue, which is a resource. */
  public static Catalogue load() {
    Resource resource = Resource.load("rules.json");
    var entries = new LinkedHashMap<String, CatalogueEntry>();
    for (Resource rule : resource.objects("rules")) {
      CatalogueEntry entry = entry(rule);
      if (entries.put(entry.id(), entry) != null) {
        throw new IllegalStateException("rule " + entry.id() + " stands twice");
      }
    }
    return new Catalogue(resource.text("dated"), entries);
  }

  private static CatalogueEntry entry(Resource rule) {
    return new CatalogueEntry(
        rule.text("id"),
        rule.text("what"),
        rule.text("why"),
        rule.textOr("how", ""),
        rule.text("action"),
        rule.text("source"),
        rule.text("appliesTo"),
        rule.object("severity").fields().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> (String) e.getValue())),
        rule.text("fix"),
        rule.textOr("cannotTell", ""),
        (int) rule.number("tier"));
  }

  /** The day the catalogue was made, ISO 8601. */
  public String dated() {
    return dated;
  }

  /** Every rule, ordered as the groups are. */
  public List<CatalogueEntry> entries() {
    return List.copyOf(entries.values());
  }

  /** The rule with an id. */
  public Optional<CatalogueEntry> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }
}
