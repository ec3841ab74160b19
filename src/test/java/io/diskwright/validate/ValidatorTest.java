package io.diskwright.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.validate.rule.TestImage;
import io.diskwright.volume.DiskBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The validator as a whole. */
final class ValidatorTest {

  private static final int MIB = 1 << 20;
  private static final long GIB = 1L << 30;

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.write(folder.resolve("disk.raw"), linux().bytes());
  }

  @Test
  void reportsEveryRuleInTheCataloguesOrder() throws IOException {
    Validation validation = validate("alibaba", TestImage.of(linux(), 40 * GIB));
    assertThat(validation.findings())
        .extracting(Finding::rule)
        .containsExactlyElementsOf(
            Catalogue.load().entries().stream().map(CatalogueEntry::id).toList());
    assertThat(validation.image()).isEqualTo(file.toString());
    assertThat(validation.format()).isEqualTo("raw");
    assertThat(validation.virtualSize()).isEqualTo(40 * GIB);
    assertThat(validation.profile()).isEqualTo("alibaba");
  }

  @Test
  void neverPassesARuleItCannotDecide() throws IOException {
    Validation validation = validate("alibaba", TestImage.of(bootable(), 40 * GIB));
    assertThat(validation.findings())
        .filteredOn(f -> f.rule().matches("(linux|windows)\\..*"))
        .hasSize(97)
        .allSatisfy(f -> assertThat(f.status()).isIn(Status.UNKNOWN, Status.NOT_APPLICABLE));
    assertThat(finding(validation, "linux.boot.kernel-present").status()).isEqualTo(Status.UNKNOWN);
    assertThat(finding(validation, "filesystem.superblock-valid").status()).isEqualTo(Status.FAIL);
    assertThat(validation.findings())
        .filteredOn(f -> f.rule().startsWith("filesystem."))
        .filteredOn(f -> f.status() == Status.PASS)
        .extracting(Finding::rule)
        .containsExactly("filesystem.unique-uuid");
  }

  @Test
  void leavesOutTheRulesOfAnotherFamily() throws IOException {
    Validation validation = validate("alibaba", TestImage.of(linux()));
    assertThat(finding(validation, "windows.virtio-block").status())
        .isEqualTo(Status.NOT_APPLICABLE);
    Validation empty = validate("alibaba", TestImage.empty(40 * GIB));
    assertThat(finding(empty, "windows.virtio-block").status()).isEqualTo(Status.UNKNOWN);
    assertThat(finding(empty, "linux.boot.kernel-present").status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void leavesOutWhatTheProfileDoesNotAskFor() throws IOException {
    Validation validation = validate("aws", TestImage.of(linux()));
    Finding off = finding(validation, "partition.table-mbr");
    assertThat(off.status()).isEqualTo(Status.NOT_APPLICABLE);
    assertThat(off.severity()).isEqualTo(Severity.INFO);
    Finding onRequest =
        finding(
            validate("alibaba", TestImage.of(linux())), "linux.security.password-policy-declared");
    assertThat(onRequest.status()).isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void judgesOnlyTheContainerAndTheTableByNoProfile() throws IOException {
    Validation validation = validate("none", TestImage.of(linux()));
    assertThat(validation.verdict()).isEqualTo(Verdict.PASS);
    assertThat(validation.findings())
        .filteredOn(f -> f.status() == Status.PASS)
        .extracting(Finding::rule)
        .containsExactly("format.recognized", "disk.complete", "partition.table-valid");
  }

  @Test
  void givesAdviceOnlyForFailures() throws IOException {
    Validation validation = validate("alibaba", TestImage.of(linux()));
    assertThat(validation.findings())
        .allSatisfy(f -> {
          assertThat(f.action().isEmpty()).isEqualTo(f.status() != Status.FAIL);
          assertThat(f.fix() == Fix.NONE).isEqualTo(f.status() != Status.FAIL);
        });
    Finding size = finding(validation, "disk.virtual-size-range");
    assertThat(size.blocks()).isTrue();
    assertThat(size.fix()).isEqualTo(Fix.OFFLINE);
    assertThat(validation.verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void collectsWhatToEnterAtImport() throws IOException {
    assertThat(validate("alibaba", TestImage.of(bootable(), 41 * GIB)).importParameters())
        .isEqualTo(
            Map.of("Format", "RAW", "DiskImageSize", 41L, "OSType", "linux", "BootMode", "BIOS"));
    assertThat(
            validate("alibaba", TestImage.empty(GIB).format("vdi", "dynamic")).importParameters())
        .isEqualTo(Map.of("DiskImageSize", 40L));
  }

  @Test
  void turnsWhatCannotBeReadIntoFindings() throws IOException {
    TestImage damaged =
        TestImage.of(linux())
            .format("qcow2", "v3")
            .damaged(new CorruptImage("x", "L2 entry", 0, "past the end", "inside"));
    Validation validation = validate("alibaba", damaged);
    assertThat(finding(validation, "format.container-integrity").blocks()).isTrue();
    Finding undecided = finding(validation, "partition.table-mbr");
    assertThat(undecided.status()).isEqualTo(Status.UNKNOWN);
    assertThat(undecided.message()).contains("L2 entry");
    assertThat(validation.importParameters()).doesNotContainKeys("OSType", "BootMode");
  }

  @Test
  void leavesTheDiskOpenAndTheEnvironmentsErrorsAlone() throws IOException {
    TestImage image = TestImage.of(linux());
    validate("alibaba", image);
    assertThat(image.closed()).isFalse();
    Path missing = folder.resolve("missing.raw");
    assertThatThrownBy(() -> new Validator(Profile.named("alibaba")).validate(missing, image))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void reportsARefusedImageUnderTheRuleThatFits() {
    assertRefused(new AmbiguousImage("a", "content", -1, "two", "one"), "format.recognized");
    assertRefused(
        new UnsafeReference("a", "backing file", 8, "'/etc/passwd'", "none"), "format.standalone");
    assertRefused(
        new CorruptImage("a", "footer checksum", 64, "1", "2"), "format.vhd-footer-valid");
    assertRefused(
        new CorruptImage("a", "footer marker", 0, "1", "3"), "format.container-integrity");
    assertRefused(
        new CorruptImage("a", "stream footer", 0, "1", "3"), "format.container-integrity");
    assertRefused(
        new UnsupportedFeature("a", "footer disk type", 60, "4 (differencing)", "2, 3"),
        "format.vhd-subtype");
    assertRefused(
        new UnsupportedFeature("a", "header", 72, "bit 9", "none"), "format.container-integrity");
    assertRefused(
        new LimitExceeded("a", "header size", 24, "2^62", "2^46"), "format.container-integrity");
  }

  private void assertRefused(ImageException why, String rule) {
    for (String profile : Profile.names()) {
      Validation validation = new Validator(Profile.named(profile)).refused(file, why);
      assertThat(validation.verdict()).isEqualTo(Verdict.FAIL);
      Finding failed = finding(validation, rule);
      assertThat(failed.blocks()).isTrue();
      assertThat(failed.message()).contains(why.fault().structure()).contains(why.fault().found());
      assertThat(failed.action()).isEqualTo(why.fault().remedy());
      assertThat(validation.findings())
          .hasSize(143)
          .filteredOn(f -> !f.rule().equals(rule))
          .allSatisfy(f -> assertThat(f.status()).isIn(Status.UNKNOWN, Status.NOT_APPLICABLE));
      assertThat(validation.format()).isEmpty();
      assertThat(validation.virtualSize()).isEqualTo(-1);
    }
  }

  @Test
  void makesTheVerdictOfTheGravestFinding() {
    assertThat(verdict()).isEqualTo(Verdict.PASS);
    assertThat(verdict(finding(Severity.WARNING, Status.FAIL))).isEqualTo(Verdict.PASS);
    assertThat(verdict(finding(Severity.WARNING, Status.UNKNOWN))).isEqualTo(Verdict.PASS);
    assertThat(verdict(finding(Severity.ERROR, Status.NOT_APPLICABLE))).isEqualTo(Verdict.PASS);
    assertThat(verdict(finding(Severity.ERROR, Status.UNKNOWN))).isEqualTo(Verdict.UNKNOWN);
    assertThat(
            verdict(finding(Severity.ERROR, Status.UNKNOWN), finding(Severity.ERROR, Status.FAIL)))
        .isEqualTo(Verdict.FAIL);
  }

  private static Verdict verdict(Finding... findings) {
    return new Validation("a", "raw", "", 1, "alibaba", List.of(findings), Map.of()).verdict();
  }

  private static Finding finding(Severity severity, Status status) {
    return new Finding("a.b", severity, status, Confidence.PROVED, "", List.of(), "", Fix.NONE);
  }

  private Validation validate(String profile, TestImage image) throws IOException {
    return new Validator(Profile.named(profile)).validate(file, image);
  }

  private static Finding finding(Validation validation, String rule) {
    return validation.findings().stream()
        .filter(f -> f.rule().equals(rule))
        .findFirst()
        .orElseThrow();
  }

  /** As {@link #linux()}, with GRUB 2 in the gap before the partition. */
  private static DiskBuilder bootable() {
    return linux()
        .u8(0, 0xEB)
        .u8(1, 0x63)
        .text(0x180, "GRUB ")
        .u64(0x5C, 1)
        .u8(512, 1)
        .u64(512 + 500, 2)
        .u16(512 + 508, 9);
  }

  private static DiskBuilder linux() {
    int superblock = MIB + 1024;
    return new DiskBuilder(8 * MIB)
        .entry(0, 1, 0x80, 0x83, 2048, 14 * 1024)
        .u32(superblock + 4, 7 * 1024)
        .u32(superblock + 0x20, 8192)
        .u16(superblock + 0x38, 0xEF53)
        .u32(superblock + 0x5C, 4)
        .u32(superblock + 0x60, 0x42);
  }
}
