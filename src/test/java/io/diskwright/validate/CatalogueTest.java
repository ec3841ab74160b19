package io.diskwright.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.validate.rule.Rules;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The catalogue and the profiles, which are data. */
final class CatalogueTest {

  private final Catalogue catalogue = Catalogue.load();

  @Test
  void holdsEveryRuleOnce() {
    assertThat(catalogue.entries()).hasSize(143);
    assertThat(catalogue.entries()).extracting(CatalogueEntry::id).doesNotHaveDuplicates();
    assertThat(catalogue.dated()).matches("\\d{4}-\\d\\d-\\d\\d");
  }

  @Test
  void saysWhatWhyAndWhatToDo() {
    assertThat(catalogue.entries())
        .allSatisfy(e -> {
          assertThat(e.what()).endsWith(".");
          assertThat(e.why()).endsWith(".");
          assertThat(e.action()).endsWith(".");
          assertThat(e.source()).isNotEmpty();
          assertThat(e.tier()).isBetween(1, 3);
          assertThat(e.severity().keySet()).isEqualTo(Set.copyOf(Profile.names()));
        });
  }

  @Test
  void decidesEveryFirstTierRuleOfFormatDiskAndPartition() {
    List<String> wanted =
        catalogue.entries().stream()
            .filter(e -> Set.of("format", "disk", "partition").contains(e.group()))
            .filter(e -> e.tier() == 1)
            .map(CatalogueEntry::id)
            .toList();
    assertThat(wanted).hasSize(29);
    assertThat(Rules.all().keySet()).containsAll(wanted);
  }

  @Test
  void describesEveryRuleThatIsDecided() {
    assertThat(Rules.all().keySet())
        .allSatisfy(id -> assertThat(catalogue.find(id).orElseThrow().how()).endsWith("."));
    assertThat(catalogue.entries().stream().filter(e -> !e.how().isEmpty()))
        .extracting(CatalogueEntry::id)
        .hasSameElementsAs(Rules.all().keySet());
  }

  @Test
  void ratesRulesByTheProfile() {
    assertThat(rating("format.accepted", "alibaba")).contains(new Rating(Severity.ERROR, false));
    assertThat(rating("format.vhd-recommended", "alibaba"))
        .contains(new Rating(Severity.INFO, false));
    assertThat(rating("partition.table-mbr", "aws")).isEmpty();
    assertThat(rating("partition.active-flag", "alibaba"))
        .contains(new Rating(Severity.ERROR, false));
    assertThat(rating("linux.config.critical-files-unmodified", "alibaba"))
        .contains(new Rating(Severity.ERROR, false));
    assertThat(rating("windows.password-policy-declared", "alibaba"))
        .contains(new Rating(Severity.ERROR, true));
    assertThat(rating("linux.boot.kernel-present", "none")).isEmpty();
    assertThat(catalogue.entries())
        .allSatisfy(e -> Profile.names().forEach(p -> e.rating(Profile.named(p))));
  }

  @Test
  void tellsWhoRepairs() {
    assertThat(catalogue.find("disk.size-rounding").orElseThrow().remedy()).isEqualTo(Fix.OFFLINE);
    assertThat(catalogue.find("format.accepted").orElseThrow().remedy()).isEqualTo(Fix.TOOL);
    assertThat(catalogue.find("partition.no-lvm").orElseThrow().remedy()).isEqualTo(Fix.TOOL);
    assertThat(catalogue.find("disk.complete").orElseThrow().remedy()).isEqualTo(Fix.USER);
    assertThat(catalogue.find("no.such-rule")).isEmpty();
  }

  @Test
  void namesTheProfilesTheDefaultFirst() {
    assertThat(Profile.names())
        .containsExactly("alibaba", "alibaba-current", "aws", "azure", "gcp", "none")
        .startsWith(Profile.DEFAULT);
    assertThatThrownBy(() -> Profile.named("Azure"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'Azure'")
        .hasMessageContaining("alibaba, alibaba-current, aws, azure, gcp, none");
  }

  @Test
  void holdsTheProfilesNumbers() {
    Profile alibaba = Profile.named("alibaba");
    assertThat(alibaba.minimumSize()).isEqualTo(42_949_672_960L);
    assertThat(alibaba.maximumSize()).isEqualTo(536_870_912_000L);
    assertThat(alibaba.sizeMultiple()).isEqualTo(1 << 20);
    assertThat(Profile.named("gcp").sizeMultiple()).isEqualTo(1 << 30);
    assertThat(Profile.named("none").minimumSize()).isZero();
    assertThat(Profile.named("none").maximumSize()).isEqualTo(Long.MAX_VALUE);
    assertThat(Profile.names())
        .allSatisfy(
            p -> assertThat(Profile.named(p).sizeMultiple()).isGreaterThanOrEqualTo(1 << 20));
  }

  @Test
  void acceptsFormatsByTheirKind() {
    assertThat(Profile.named("azure").accepts("vhd", "fixed")).isPresent();
    assertThat(Profile.named("azure").accepts("vhd", "dynamic")).isEmpty();
    assertThat(Profile.named("alibaba").accepts("raw", "")).isPresent();
    assertThat(Profile.named("alibaba").accepts("vdi", "dynamic")).isEmpty();
    assertThat(Profile.named("alibaba").accepts("qcow2", "v3").orElseThrow().condition())
        .isNotEmpty();
    assertThat(Profile.named("none").accepts("anything", "at all")).isPresent();
  }

  private Optional<Rating> rating(String rule, String profile) {
    return catalogue.find(rule).orElseThrow().rating(Profile.named(profile));
  }
}
