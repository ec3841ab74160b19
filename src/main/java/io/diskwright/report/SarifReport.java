package io.diskwright.report;

import io.diskwright.validate.Catalogue;
import io.diskwright.validate.CatalogueEntry;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Finding;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Validation;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * Validations as SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS: one run, the
 * catalogue as the tool's rules, every finding a result of its kind.
 */
public final class SarifReport {

  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private SarifReport() {}

  /**
   * Writes the log.
   *
   * @param version of diskwright
   */
  public static void write(List<Validation> validations, String version, JsonGenerator json) {
    List<CatalogueEntry> rules = Catalogue.load().entries();
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      places.put(rules.get(i).id(), i);
    }
    json.writeStartObject();
    json.writeStringProperty("$schema", SCHEMA);
    json.writeStringProperty("version", "2.1.0");
    json.writeArrayPropertyStart("runs");
    json.writeStartObject();
    json.writeObjectPropertyStart("tool");
    json.writeObjectPropertyStart("driver");
    json.writeStringProperty("name", "diskwright");
    json.writeStringProperty("version", version);
    json.writeArrayPropertyStart("rules");
    rules.forEach(rule -> rule(rule, json));
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
    json.writeArrayPropertyStart("results");
    for (Validation validation : validations) {
      for (Finding finding : validation.findings()) {
        result(validation, finding, places.getOrDefault(finding.rule(), -1), json);
      }
    }
    json.writeEndArray();
    json.writeObjectPropertyStart("properties");
    json.writeArrayPropertyStart("images");
    validations.forEach(v -> image(v, json));
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void image(Validation validation, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("image", validation.image());
    json.writeStringProperty("profile", validation.profile());
    json.writeStringProperty("verdict", validation.verdict().word());
    json.writeObjectPropertyStart("importParameters");
    validation
        .importParameters()
        .forEach((name, value) -> json.writeStringProperty(name, value.toString()));
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void rule(CatalogueEntry rule, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("id", rule.id());
    text(json, "shortDescription", rule.what());
    text(json, "fullDescription", rule.why());
    text(json, "help", rule.how().isEmpty() ? rule.action() : rule.how() + " " + rule.action());
    json.writeEndObject();
  }

  private static void result(
      Validation validation, Finding finding, int place, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("ruleId", finding.rule());
    json.writeNumberProperty("ruleIndex", place);
    json.writeStringProperty("kind", kind(finding));
    json.writeStringProperty("level", level(finding));
    String advice = finding.action().isEmpty() ? "" : " " + finding.action();
    text(json, "message", finding.message() + advice);
    json.writeArrayPropertyStart("locations");
    json.writeStartObject();
    json.writeObjectPropertyStart("physicalLocation");
    json.writeObjectPropertyStart("artifactLocation");
    json.writeStringProperty("uri", uri(validation.image()));
    json.writeEndObject();
    json.writeEndObject();
    json.writeArrayPropertyStart("logicalLocations");
    for (Evidence evidence : finding.evidence()) {
      json.writeStartObject();
      json.writeStringProperty("fullyQualifiedName", evidence.where());
      json.writeObjectPropertyStart("properties");
      json.writeStringProperty("observed", evidence.observed());
      json.writeStringProperty("expected", evidence.expected());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String kind(Finding finding) {
    return switch (finding.status()) {
      case PASS -> "pass";
      case FAIL -> finding.severity() == Severity.INFO ? "informational" : "fail";
      case UNKNOWN -> "open";
      case NOT_APPLICABLE -> "notApplicable";
    };
  }

  /** Only what fails has a level. */
  private static String level(Finding finding) {
    return kind(finding).equals("fail") ? finding.severity().word() : "none";
  }

  private static void text(JsonGenerator json, String name, String text) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("text", text);
    json.writeEndObject();
  }

  /** A relative path stays relative; what is no path, as standard input, is escaped as one. */
  private static String uri(String image) {
    try {
      String absolute = Path.of(image).toAbsolutePath().toUri().getRawPath();
      String folder = Path.of("").toAbsolutePath().toUri().getRawPath();
      boolean below = !image.startsWith("/") && absolute.startsWith(folder);
      return below ? absolute.substring(folder.length()) : "file://" + absolute;
    } catch (InvalidPathException e) {
      return "image";
    }
  }
}
