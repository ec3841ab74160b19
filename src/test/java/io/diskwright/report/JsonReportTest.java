package io.diskwright.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.validate.Validation;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The JSON report, against the shape the command line promises. */
final class JsonReportTest {

  @Test
  void hasThePromisedShape() {
    String golden =
        """
        {"image": "a.vhd", "format": "vhd", "subformat": "fixed", "virtualSize": 42949672960,
         "profile": "alibaba", "verdict": "fail",
         "findings": [
          {"rule": "format.accepted", "severity": "error", "status": "pass",
           "message": "The importer takes it.", "evidence": [], "fix": "none"},
          {"rule": "disk.size-rounding", "severity": "info", "status": "fail",
           "message": "Fails.",
           "evidence": [{"where": "GPT", "observed": "there", "expected": "MBR"}],
           "action": "Repair it.", "fix": "offline"},
          {"rule": "partition.gpt-backup-position", "severity": "warning", "status": "fail",
           "message": "Fails.",
           "evidence": [{"where": "GPT", "observed": "there", "expected": "MBR"}],
           "action": "Repair it.", "fix": "offline"},
          {"rule": "partition.table-mbr", "severity": "error", "status": "fail",
           "message": "Fails.",
           "evidence": [{"where": "GPT", "observed": "there", "expected": "MBR"}],
           "action": "Repair it.", "fix": "tool"},
          {"rule": "partition.no-swap", "severity": "warning", "status": "not-applicable",
           "message": "Is Windows.", "evidence": [], "fix": "none"},
          {"rule": "linux.a", "severity": "error", "status": "unknown",
           "message": "No reader.", "evidence": [], "fix": "none"},
          {"rule": "linux.b", "severity": "error", "status": "unknown",
           "message": "No reader.", "evidence": [], "fix": "none"},
          {"rule": "linux.c", "severity": "warning", "status": "unknown",
           "message": "No reader.", "evidence": [], "fix": "none"},
          {"rule": "linux.d", "severity": "info", "status": "unknown",
           "message": "No reader.", "evidence": [], "fix": "none"},
          {"rule": "partition.single-root", "severity": "error", "status": "unknown",
           "message": "One partition.", "evidence": [], "fix": "none"}],
         "importParameters": {"Format": "VHD", "DiskImageSize": 40}}
        """;
    assertThat(tree(json(List.of(Validations.mixed())))).isEqualTo(tree(golden));
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    Map<?, ?> object = (Map<?, ?>) tree(json(List.of(Validations.refused())));
    assertThat(object.keySet())
        .map(Object::toString)
        .containsExactly("image", "profile", "verdict", "findings", "importParameters");
    assertThat(object.get("image")).isEqualTo("b\n.vhd");
    assertThat(object.get("findings"))
        .isEqualTo(
            List.of(
                Map.of(
                    "rule",
                    "format.vhd-footer-valid",
                    "severity",
                    "error",
                    "status",
                    "fail",
                    "message",
                    "Forged\nline",
                    "evidence",
                    List.of(Map.of("where", "footer\u001b[2J", "observed", "x")),
                    "fix",
                    "offline")));
  }

  @Test
  void makesSeveralAnArray() {
    assertThat(tree(json(List.of(Validations.mixed(), Validations.refused()))))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(2);
    assertThat(tree(json(List.of()))).isEqualTo(List.of());
  }

  private static String json(List<Validation> validations) {
    var text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      JsonReport.write(validations, json);
    }
    return text.toString();
  }

  private static Object tree(String json) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      Object tree = value(parser, parser.nextToken());
      assertThat(parser.nextToken()).isNull();
      return tree;
    }
  }

  private static Object value(JsonParser parser, JsonToken token) {
    switch (token) {
      case START_OBJECT -> {
        var object = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          object.put(parser.currentName(), value(parser, parser.nextToken()));
        }
        return object;
      }
      case START_ARRAY -> {
        var list = new ArrayList<>();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
          list.add(value(parser, t));
        }
        return list;
      }
      case VALUE_STRING -> {
        return parser.getString();
      }
      case VALUE_NUMBER_INT -> {
        return parser.getLongValue();
      }
      default -> throw new AssertionError(token);
    }
  }
}
