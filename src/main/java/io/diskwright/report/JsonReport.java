package io.diskwright.report;

import io.diskwright.validate.Evidence;
import io.diskwright.validate.Finding;
import io.diskwright.validate.Validation;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Validations as JSON. Values that are not known are absent. */
public final class JsonReport {

  private JsonReport() {}

  /** Writes one object for one validation, and an array for several or none. */
  public static void write(List<Validation> validations, JsonGenerator json) {
    if (validations.size() == 1) {
      write(validations.getFirst(), json);
      return;
    }
    json.writeStartArray();
    validations.forEach(v -> write(v, json));
    json.writeEndArray();
  }

  /** Writes one validation, also where it is a part of another report. */
  public static void write(Validation validation, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("image", validation.image());
    text(json, "format", validation.format());
    text(json, "subformat", validation.subformat());
    if (validation.virtualSize() >= 0) {
      json.writeNumberProperty("virtualSize", validation.virtualSize());
    }
    json.writeStringProperty("profile", validation.profile());
    json.writeStringProperty("verdict", validation.verdict().word());
    json.writeArrayPropertyStart("findings");
    validation.findings().forEach(f -> finding(f, json));
    json.writeEndArray();
    json.writeObjectPropertyStart("importParameters");
    for (Map.Entry<String, Object> parameter : validation.importParameters().entrySet()) {
      if (parameter.getValue() instanceof Number number) {
        json.writeNumberProperty(parameter.getKey(), number.longValue());
      } else {
        json.writeStringProperty(parameter.getKey(), parameter.getValue().toString());
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void finding(Finding finding, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("rule", finding.rule());
    json.writeStringProperty("severity", finding.severity().word());
    json.writeStringProperty("status", finding.status().word());
    json.writeStringProperty("message", finding.message());
    json.writeArrayPropertyStart("evidence");
    for (Evidence evidence : finding.evidence()) {
      json.writeStartObject();
      json.writeStringProperty("where", evidence.where());
      json.writeStringProperty("observed", evidence.observed());
      text(json, "expected", evidence.expected());
      json.writeEndObject();
    }
    json.writeEndArray();
    text(json, "action", finding.action());
    json.writeStringProperty("fix", finding.fix().word());
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }
}
