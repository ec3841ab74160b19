package io.diskwright.validate.rule;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.io.ImageException;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether the container is intact. */
final class IntegrityRules {

  private IntegrityRules() {}

  static List<Rule> all() {
    return List.of(Rule.of("format.container-integrity", IntegrityRules::containerIntegrity));
  }

  private static Outcome containerIntegrity(Facts facts) throws IOException {
    Optional<Outcome> unreadable = unreadable(facts);
    if (unreadable.isPresent()) {
      return unreadable.get();
    }
    List<Anomaly> anomalies = anomalies(facts);
    if (!anomalies.isEmpty()) {
      boolean corrupt = has(anomalies, Anomaly.Kind.MARKED_CORRUPT);
      var outcome =
          Outcome.fail(
              corrupt
                  ? "The image is marked as corrupt by the program that wrote it."
                  : has(anomalies, Anomaly.Kind.UNVERIFIED_PASSPHRASE)
                      ? "The image's bytes are right if its passphrase is, which cannot be told."
                      : "The container is not quite sound; its bytes can still be told.",
              anomalies.stream().map(IntegrityRules::evidence).toList());
      return corrupt ? outcome : outcome.atMost(Severity.WARNING);
    }
    String kind = facts.info().subformat();
    if (facts.info().format().equals("raw") || kind.equals("fixed")) {
      return Outcome.notApplicable("The container has no tables.");
    }
    return Outcome.unknown(
        "All of the container's tables lead to bytes that are there; its other bookkeeping, and"
            + " whether compressed blocks can be decoded, is not part of this version.");
  }

  private static boolean has(List<Anomaly> anomalies, Anomaly.Kind kind) {
    return anomalies.stream().anyMatch(a -> a.kind() == kind);
  }

  /** Every table is walked; blocks are decoded only where the guest's first structures lie. */
  private static Optional<Outcome> unreadable(Facts facts) throws IOException {
    try {
      ExtentCursor.walk(facts.disk());
      facts.volumes();
      return Optional.empty();
    } catch (ImageException e) {
      return Optional.of(
          Outcome.fail(
              "The container does not yield the bytes of its disk.",
              new Evidence(
                  e.fault().structure() + place(e.fault().offset()),
                  e.fault().found(),
                  e.fault().allowed())));
    }
  }

  /** Those of a VHD are the business of the rules about its footer. */
  private static List<Anomaly> anomalies(Facts facts) {
    if (facts.info().format().equals("vhd")) {
      return List.of();
    }
    return facts.info().anomalies().stream()
        .filter(a -> a.kind() != Anomaly.Kind.IGNORED_CONTENT)
        .toList();
  }

  private static Evidence evidence(Anomaly anomaly) {
    return new Evidence(
        anomaly.structure() + place(anomaly.offset()), anomaly.observed(), anomaly.expected());
  }

  private static String place(long offset) {
    return offset < 0 ? "" : String.format(Locale.ROOT, " at offset 0x%x", offset);
  }
}
