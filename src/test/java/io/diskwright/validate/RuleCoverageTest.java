package io.diskwright.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.ClassNameFilter.excludeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs the tests of the rules and looks which rules they saw pass and fail. */
class RuleCoverageTest {

  /** They only give a fact, or do not apply where there is nothing against the image. */
  private static final Set<String> NEVER_PASS =
      Set.of(
          "format.qcow2-ticket",
          "format.container-integrity",
          "linux.config.nonstandard-mode",
          "linux.security.root-password");

  private static final Set<String> NEVER_FAIL = Set.of("partition.multi-ok", "disk.import-size");

  @Test
  void everyRuleIsSeenToPassAndToFail() {
    LauncherDiscoveryRequest tests =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage("io.diskwright.validate"))
            .filters(excludeClassNamePatterns(".*RuleCoverageTest"))
            .build();
    var summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(tests, summary);
    assertThat(summary.getSummary().getTestsFailedCount()).isZero();
    Set<String> judged = Judge.judged();
    List<String> unseen = new ArrayList<>();
    for (String rule : Rules.all().keySet()) {
      if (!NEVER_PASS.contains(rule) && !judged.contains(rule + " " + Status.PASS)) {
        unseen.add(rule + " never passed");
      }
      if (!NEVER_FAIL.contains(rule) && !judged.contains(rule + " " + Status.FAIL)) {
        unseen.add(rule + " never failed");
      }
    }
    assertThat(unseen).isEmpty();
  }
}
