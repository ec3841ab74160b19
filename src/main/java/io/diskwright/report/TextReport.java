package io.diskwright.report;

import io.diskwright.io.Fault;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Finding;
import io.diskwright.validate.Fix;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.Validation;
import io.diskwright.validate.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A validation for people: the verdict, what fails with the gravest first, then what could not be
 * decided, gathered by reason, and what passed as a number. Whatever comes from an image is
 * escaped, so that none can forge a line.
 */
public final class TextReport {

  private static final int NAMED_RULES = 3;
  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String GREEN = "\u001b[32m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean colour;
  private final boolean everything;

  /**
   * A report of one shape.
   *
   * @param colour whether to colour it with ANSI sequences
   * @param everything whether to list every rule instead of counting the ones that do not fail
   */
  public TextReport(boolean colour, boolean everything) {
    this.colour = colour;
    this.everything = everything;
  }

  /** Writes one validation; {@code out} stays open. */
  public void write(Validation validation, Appendable out) throws IOException {
    Verdict verdict = validation.verdict();
    line(
        out,
        painted(BOLD, Fault.printable(validation.image()))
            + ": "
            + painted(colourOf(verdict), sentence(verdict))
            + " (profile "
            + validation.profile()
            + ")");
    if (!validation.format().isEmpty()) {
      line(out, "  " + container(validation));
    }
    for (Finding finding : failures(validation)) {
      line(out, "");
      details(finding, out);
    }
    undecided(validation, out);
    rest(validation, out);
    if (!validation.importParameters().isEmpty()) {
      line(out, "");
      line(out, "  To enter at import: " + parameters(validation.importParameters()));
    }
  }

  private static String sentence(Verdict verdict) {
    return switch (verdict) {
      case PASS -> "PASS, nothing stands against the import";
      case FAIL -> "FAIL, not importable as it is";
      case UNKNOWN -> "UNKNOWN, no error was found, but not everything could be decided";
    };
  }

  private static String container(Validation validation) {
    String subformat = validation.subformat().isEmpty() ? "" : " (" + validation.subformat() + ")";
    return Fault.printable(validation.format() + subformat)
        + String.format(Locale.ROOT, ", %,d bytes virtual size", validation.virtualSize());
  }

  private static List<Finding> failures(Validation validation) {
    return validation.findings().stream()
        .filter(f -> f.status() == Status.FAIL)
        .sorted(Comparator.comparing(Finding::severity))
        .toList();
  }

  private void details(Finding finding, Appendable out) throws IOException {
    line(
        out,
        "  " + mark(finding) + " " + finding.rule() + ": " + Fault.printable(finding.message()));
    for (Evidence evidence : finding.evidence()) {
      String expected = evidence.expected().isEmpty() ? "" : "; expected: " + evidence.expected();
      line(
          out,
          "      " + Fault.printable(evidence.where() + ": " + evidence.observed() + expected));
    }
    if (!finding.action().isEmpty()) {
      String who = finding.fix() == Fix.OFFLINE ? " (can be repaired in the image)" : "";
      line(out, "      -> " + Fault.printable(finding.action()) + who);
    }
  }

  private void undecided(Validation validation, Appendable out) throws IOException {
    List<Finding> undecided = with(validation, Status.UNKNOWN);
    if (undecided.isEmpty()) {
      return;
    }
    long grave = undecided.stream().filter(f -> f.severity() == Severity.ERROR).count();
    line(out, "");
    line(
        out,
        "  "
            + painted(YELLOW, "?")
            + " Not decided: "
            + undecided.size()
            + " rules, of error severity: "
            + grave);
    if (everything) {
      for (Finding finding : undecided) {
        details(finding, out);
      }
      return;
    }
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (Finding finding : undecided) {
      byReason.computeIfAbsent(finding.message(), m -> new ArrayList<>()).add(finding.rule());
    }
    List<Map.Entry<String, List<String>>> reasons = new ArrayList<>(byReason.entrySet());
    reasons.sort(Comparator.comparing(e -> -e.getValue().size()));
    for (Map.Entry<String, List<String>> reason : reasons) {
      List<String> rules = reason.getValue();
      String which =
          rules.size() > NAMED_RULES ? rules.size() + " rules" : String.join(", ", rules);
      line(out, "      " + which + ": " + Fault.printable(reason.getKey()));
    }
  }

  private void rest(Validation validation, Appendable out) throws IOException {
    List<Finding> passed = with(validation, Status.PASS);
    List<Finding> others = with(validation, Status.NOT_APPLICABLE);
    line(out, "");
    if (everything) {
      for (Finding finding : passed) {
        details(finding, out);
      }
      for (Finding finding : others) {
        details(finding, out);
      }
      line(out, "");
    }
    line(
        out,
        "  "
            + painted(GREEN, "+")
            + " Passed: "
            + passed.size()
            + ", not for this image or profile: "
            + others.size());
  }

  private static List<Finding> with(Validation validation, Status status) {
    return validation.findings().stream().filter(f -> f.status() == status).toList();
  }

  private static String parameters(Map<String, Object> parameters) {
    return String.join(
        ", ", parameters.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
  }

  private String mark(Finding finding) {
    return switch (finding.status()) {
      case PASS -> painted(GREEN, "+");
      case UNKNOWN -> painted(YELLOW, "?");
      case NOT_APPLICABLE -> "-";
      case FAIL ->
          switch (finding.severity()) {
            case ERROR -> painted(RED, "ERROR");
            case WARNING -> painted(YELLOW, "warning");
            case INFO -> "info";
          };
    };
  }

  private static String colourOf(Verdict verdict) {
    return switch (verdict) {
      case PASS -> GREEN;
      case FAIL -> RED;
      case UNKNOWN -> YELLOW;
    };
  }

  private String painted(String ansi, String text) {
    return colour ? ansi + text + PLAIN : text;
  }

  private static void line(Appendable out, String text) throws IOException {
    out.append(text).append('\n');
  }
}
