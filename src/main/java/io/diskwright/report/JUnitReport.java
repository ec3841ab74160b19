package io.diskwright.report;

import io.diskwright.validate.Evidence;
import io.diskwright.validate.Finding;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.Validation;
import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Validations as JUnit XML, for build servers: an image is a suite, a rule a case. A failed rule of
 * error severity is a failure; an undecided one of error severity is an error, so that it is never
 * taken for a pass; milder ones pass with what was found as their output; a rule that does not
 * apply is skipped.
 */
public final class JUnitReport {

  private JUnitReport() {}

  /** The document. */
  public static String of(List<Validation> validations) {
    var text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      for (Validation validation : validations) {
        suite(validation, xml);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return text.append('\n').toString();
  }

  private static void suite(Validation validation, XMLStreamWriter xml) throws XMLStreamException {
    List<Finding> findings = validation.findings();
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", clean(validation.image()));
    xml.writeAttribute("tests", Integer.toString(findings.size()));
    xml.writeAttribute("failures", count(findings, Status.FAIL));
    xml.writeAttribute("errors", count(findings, Status.UNKNOWN));
    xml.writeAttribute(
        "skipped",
        Long.toString(findings.stream().filter(f -> f.status() == Status.NOT_APPLICABLE).count()));
    for (Finding finding : findings) {
      testCase(finding, xml);
    }
    xml.writeCharacters("\n  ");
    xml.writeEndElement();
    xml.writeCharacters("\n");
  }

  private static String count(List<Finding> findings, Status status) {
    return Long.toString(
        findings.stream()
            .filter(f -> f.status() == status && f.severity() == Severity.ERROR)
            .count());
  }

  private static void testCase(Finding finding, XMLStreamWriter xml) throws XMLStreamException {
    int dot = finding.rule().lastIndexOf('.');
    xml.writeCharacters("\n    ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", finding.rule().substring(0, Math.max(0, dot)));
    xml.writeAttribute("name", finding.rule().substring(dot + 1));
    xml.writeAttribute("time", "0");
    boolean grave = finding.severity() == Severity.ERROR;
    switch (finding.status()) {
      case FAIL -> outcome(grave ? "failure" : "system-out", finding, xml);
      case UNKNOWN -> outcome(grave ? "error" : "system-out", finding, xml);
      case NOT_APPLICABLE -> {
        xml.writeEmptyElement("skipped");
        xml.writeAttribute("message", clean(finding.message()));
      }
      case PASS -> {}
    }
    xml.writeEndElement();
  }

  private static void outcome(String element, Finding finding, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeStartElement(element);
    if (!element.equals("system-out")) {
      xml.writeAttribute("message", clean(finding.message()));
      xml.writeAttribute("type", finding.severity().word());
    }
    var body = new StringBuilder(finding.severity().word() + ": " + finding.message());
    for (Evidence evidence : finding.evidence()) {
      body.append('\n').append(evidence.where()).append(": ").append(evidence.observed());
      if (!evidence.expected().isEmpty()) {
        body.append("; expected: ").append(evidence.expected());
      }
    }
    if (!finding.action().isEmpty()) {
      body.append("\n-> ").append(finding.action());
    }
    xml.writeCharacters(clean(body.toString()));
    xml.writeEndElement();
  }

  /** XML has no way to write most control characters and halves of surrogates. */
  private static String clean(String text) {
    var cleaned = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          boolean allowed =
              c == '\n' || c >= 0x20 && !(c >= 0xd800 && c <= 0xdfff) && c != 0xfffe && c != 0xffff;
          cleaned.appendCodePoint(allowed ? c : 0xfffd);
        });
    return cleaned.toString();
  }
}
