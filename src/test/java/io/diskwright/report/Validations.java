package io.diskwright.report;

import io.diskwright.validate.Confidence;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Finding;
import io.diskwright.validate.Fix;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.Validation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Validations to render. */
final class Validations {

  private Validations() {}

  /** One of each kind, the gravest not first. */
  static Validation mixed() {
    var parameters = new LinkedHashMap<String, Object>();
    parameters.put("Format", "VHD");
    parameters.put("DiskImageSize", 40L);
    return new Validation(
        "a.vhd",
        "vhd",
        "fixed",
        42_949_672_960L,
        "alibaba",
        List.of(
            finding("format.accepted", Severity.ERROR, Status.PASS, "The importer takes it."),
            failure("disk.size-rounding", Severity.INFO, Fix.OFFLINE),
            failure("partition.gpt-backup-position", Severity.WARNING, Fix.OFFLINE),
            failure("partition.table-mbr", Severity.ERROR, Fix.TOOL),
            finding("partition.no-swap", Severity.WARNING, Status.NOT_APPLICABLE, "Is Windows."),
            finding("linux.a", Severity.ERROR, Status.UNKNOWN, "No reader."),
            finding("linux.b", Severity.ERROR, Status.UNKNOWN, "No reader."),
            finding("linux.c", Severity.WARNING, Status.UNKNOWN, "No reader."),
            finding("linux.d", Severity.INFO, Status.UNKNOWN, "No reader."),
            finding("partition.single-root", Severity.ERROR, Status.UNKNOWN, "One partition.")),
        parameters);
  }

  /** An image that could not be opened. */
  static Validation refused() {
    return new Validation(
        "b\n.vhd",
        "",
        "",
        -1,
        "none",
        List.of(
            new Finding(
                "format.vhd-footer-valid",
                Severity.ERROR,
                Status.FAIL,
                Confidence.PROVED,
                "Forged\nline",
                List.of(new Evidence("footer\u001b[2J", "x", "")),
                "",
                Fix.OFFLINE)),
        Map.of());
  }

  private static Finding failure(String rule, Severity severity, Fix fix) {
    return new Finding(
        rule,
        severity,
        Status.FAIL,
        Confidence.PROVED,
        "Fails.",
        List.of(new Evidence("GPT", "there", "MBR")),
        "Repair it.",
        fix);
  }

  private static Finding finding(String rule, Severity severity, Status status, String message) {
    return new Finding(rule, severity, status, Confidence.PROVED, message, List.of(), "", Fix.NONE);
  }
}
