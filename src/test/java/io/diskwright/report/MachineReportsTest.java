package io.diskwright.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.validate.Catalogue;
import io.diskwright.validate.Confidence;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Finding;
import io.diskwright.validate.Fix;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.Validation;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Validations for build servers and code scanners. */
class MachineReportsTest {

  private static Finding finding(String rule, Severity severity, Status status, String message) {
    return new Finding(
        rule,
        severity,
        status,
        Confidence.PROVED,
        message,
        List.of(new Evidence("/etc/a<b>", "\u0001 & \ud800", "c")),
        "",
        Fix.NONE);
  }

  private static Validation validation() {
    return new Validation(
        "my image.vhd",
        "vhd",
        "fixed",
        1 << 20,
        "alibaba",
        List.of(
            finding("format.accepted", Severity.ERROR, Status.PASS, "Taken."),
            finding("linux.network.dhcp", Severity.ERROR, Status.FAIL, "Fixed \"address\"."),
            finding("linux.network.nic-binding", Severity.WARNING, Status.FAIL, "Bound."),
            finding("linux.config.arch", Severity.INFO, Status.FAIL, "i386."),
            finding("linux.boot.kernel-present", Severity.ERROR, Status.UNKNOWN, "Not read."),
            finding("windows.arch", Severity.INFO, Status.NOT_APPLICABLE, "Is Linux.")),
        Map.of("Format", "VHD"));
  }

  @Test
  void countsWhatFailsForBuildServers() throws Exception {
    String xml = JUnitReport.of(List.of(validation(), validation()));
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)));
    assertThat(document.getElementsByTagName("testsuite").getLength()).isEqualTo(2);
    var suite = (Element) document.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("name")).isEqualTo("my image.vhd");
    assertThat(suite.getAttribute("tests")).isEqualTo("6");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    assertThat(suite.getAttribute("skipped")).isEqualTo("1");
    assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(1);
    assertThat(suite.getElementsByTagName("error").getLength()).isEqualTo(1);
    assertThat(suite.getElementsByTagName("system-out").getLength()).isEqualTo(2);
    var failure = (Element) suite.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("Fixed \"address\".");
    assertThat(failure.getTextContent()).contains("/etc/a<b>: \ufffd & \ufffd; expected: c");
    var first = (Element) suite.getElementsByTagName("testcase").item(1);
    assertThat(first.getAttribute("classname")).isEqualTo("linux.network");
    assertThat(first.getAttribute("name")).isEqualTo("dhcp");
  }

  @Test
  void givesEveryFindingItsKindForCodeScanners() {
    var text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      SarifReport.write(List.of(validation()), "1.2.3", json);
    }
    String sarif = text.toString();
    assertThat(sarif)
        .contains("\"version\":\"2.1.0\"")
        .contains(
            "\"ruleId\":\"format.accepted\",\"ruleIndex\":1,\"kind\":\"pass\",\"level\":\"none\"")
        .contains(
            "\"kind\":\"fail\",\"level\":\"error\",\"message\":{\"text\":\"Fixed \\\"address\\\".\"}")
        .contains("\"kind\":\"fail\",\"level\":\"warning\"")
        .contains("\"kind\":\"informational\",\"level\":\"none\"")
        .contains("\"kind\":\"open\",\"level\":\"none\"")
        .contains("\"kind\":\"notApplicable\",\"level\":\"none\"")
        .contains("\"uri\":\"my%20image.vhd\"");
    int rules = 0;
    try (JsonParser parser =
        new JsonFactory().createParser(ObjectReadContext.empty(), new StringReader(sarif))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        rules += "id".equals(parser.currentName()) && token == JsonToken.VALUE_STRING ? 1 : 0;
      }
    }
    assertThat(rules).isEqualTo(Catalogue.load().entries().size());
  }
}
