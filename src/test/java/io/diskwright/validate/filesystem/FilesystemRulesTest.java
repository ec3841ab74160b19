package io.diskwright.validate.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What filesystems say of themselves, judged. */
class FilesystemRulesTest {

  private static final long GIB = 1L << 30;

  private boolean clean = true;
  private boolean errors;
  private Recovery recovery = Recovery.NOT_NEEDED;
  private long orphans;
  private long size = 40 * GIB;
  private long volumeSize = 40 * GIB;
  private long freeBlocks = 30 * GIB / 4096;
  private long inodes = 100_000;
  private long freeInodes = 50_000;
  private String type = "ext4";
  private List<String> features = List.of("has_journal", "extent");
  private Map<String, String> details = Map.of();
  private List<Problem> problems = List.of();

  private TestGuest guest() {
    return TestGuest.debian()
        .rootType(type)
        .facts(
            new FilesystemFacts(
                type,
                "",
                TestGuest.ROOT_UUID,
                4096,
                size,
                volumeSize,
                freeBlocks,
                OptionalLong.of(inodes),
                OptionalLong.of(freeInodes),
                clean,
                errors,
                recovery,
                orphans,
                features,
                details,
                problems));
  }

  private Outcome judge(String rule) {
    return Judge.by(rule).of(guest());
  }

  private static Severity severity(Outcome outcome) {
    return outcome.severity(Severity.ERROR);
  }

  @Test
  void takesTheTypesOfTheProfile() {
    assertThat(judge("filesystem.root-type").status()).isEqualTo(Status.PASS);
    type = "ext2";
    assertThat(judge("filesystem.root-type").status()).isEqualTo(Status.FAIL);
    assertThat(severity(judge("filesystem.root-type"))).isEqualTo(Severity.WARNING);
    type = "btrfs";
    assertThat(severity(judge("filesystem.root-type"))).isEqualTo(Severity.ERROR);
    assertThat(Judge.by("filesystem.root-type").in("aws").of(guest()).status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void judgesTheOnlyFilesystemThatCanBeTheRoot() {
    var unread = TestGuest.empty().unread("btrfs", "", "b");
    Outcome outcome = Judge.by("filesystem.root-type").of(unread);
    // The empty ext4 beside it may be anything.
    assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
    outcome =
        Judge.by("filesystem.root-type")
            .of(TestGuest.empty().rootType("vfat").unread("btrfs", "", "b"));
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.message()).isEqualTo("The root is on btrfs.");
  }

  @Test
  void knowsFeaturesThatAreNotWanted() {
    assertThat(judge("filesystem.supported-features").status()).isEqualTo(Status.PASS);
    features = List.of("quota");
    assertThat(judge("filesystem.supported-features").status()).isEqualTo(Status.PASS);
    features = List.of("quota", "project");
    assertThat(judge("filesystem.supported-features").status()).isEqualTo(Status.FAIL);
    features = List.of("64bit");
    assertThat(judge("filesystem.supported-features").evidence().getFirst().observed())
        .isEqualTo("64bit");
    assertThat(Judge.by("filesystem.supported-features").of(TestGuest.empty()).status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void refusesARootThatIsReadOnly() {
    String rule = "filesystem.root-not-readonly";
    assertThat(judge(rule).status()).isEqualTo(Status.PASS);
    features = List.of("read-only");
    assertThat(judge(rule).status()).isEqualTo(Status.FAIL);
    features = List.of();
    Outcome mounted =
        Judge.by(rule)
            .of(guest().with("etc/fstab", "\nUUID=" + TestGuest.ROOT_UUID + " / ext4 ro 0 1\n"));
    assertThat(mounted.status()).isEqualTo(Status.FAIL);
    assertThat(mounted.evidence().getFirst().where()).isEqualTo("/etc/fstab:2");
    assertThat(Judge.by(rule).of(TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void reportsContradictionsOfTheSuperblock() {
    String rule = "filesystem.superblock-valid";
    assertThat(judge(rule).status()).isEqualTo(Status.PASS);
    problems = List.of(new Problem("superblock s_checksum", 1024, "1", "2"));
    assertThat(judge(rule).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule).evidence().getFirst().where()).endsWith("superblock s_checksum");
    problems = List.of();
    assertThat(Judge.by(rule).of(guest().unread("btrfs", "", "b")).status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsFilesystemsThatWereUnmounted() {
    String rule = "filesystem.clean";
    assertThat(judge(rule).status()).isEqualTo(Status.PASS);
    clean = false;
    assertThat(judge(rule).status()).isEqualTo(Status.FAIL);
    assertThat(severity(judge(rule))).isEqualTo(Severity.ERROR);
    clean = true;
    recovery = Recovery.REPLAYED;
    assertThat(judge(rule).evidence().getFirst().observed()).contains("journal");
    recovery = Recovery.NOT_NEEDED;
    orphans = 3;
    assertThat(judge(rule).evidence().getFirst().observed()).isEqualTo("3 orphaned files");
    orphans = 0;
    details = Map.of("log", "external, on another device: whether it is clean is unknown");
    assertThat(judge(rule).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void tellsErrorsFromTheirHistory() {
    String rule = "filesystem.no-errors";
    assertThat(judge(rule).status()).isEqualTo(Status.PASS);
    details = Map.of("errors", "4");
    assertThat(severity(judge(rule))).isEqualTo(Severity.WARNING);
    errors = true;
    assertThat(severity(judge(rule))).isEqualTo(Severity.ERROR);
    errors = false;
    assertThat(Judge.by(rule).of(guest().unread("zfs_member", "", "")).status())
        .isEqualTo(Status.FAIL);
    details = Map.of();
    assertThat(Judge.by(rule).of(guest().unread("zfs_member", "", "")).status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void walksOnlyWhenAsked() {
    String rule = "filesystem.structure-check";
    assertThat(judge(rule).status()).isEqualTo(Status.UNKNOWN);
    assertThat(severity(judge(rule))).isEqualTo(Severity.INFO);
    assertThat(Judge.by(rule).deep().of(guest()).status()).isEqualTo(Status.PASS);
    Outcome damaged =
        Judge.by(rule).deep().of(guest().problems(new Problem("inode 12", -1, "x", "y")));
    assertThat(damaged.status()).isEqualTo(Status.FAIL);
    assertThat(damaged.evidence().getFirst().where()).isEqualTo("partition 1 inode 12");
  }

  @Test
  void comparesSizes() {
    String rule = "filesystem.size-matches-partition";
    assertThat(judge(rule).status()).isEqualTo(Status.PASS);
    volumeSize = size - 1;
    assertThat(severity(judge(rule))).isEqualTo(Severity.ERROR);
    volumeSize = 2 * size;
    assertThat(judge(rule).status()).isEqualTo(Status.FAIL);
    assertThat(severity(judge(rule))).isEqualTo(Severity.INFO);
    volumeSize = size;
    assertThat(Judge.by(rule).of(guest().unread("f2fs", "", "")).status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsFreeSpace() {
    String rule = "filesystem.free-space";
    assertThat(judge(rule).status()).isEqualTo(Status.PASS);
    freeBlocks = GIB / 4096;
    assertThat(severity(judge(rule))).isEqualTo(Severity.WARNING);
    freeBlocks = 99 * 256;
    assertThat(judge(rule).message()).isEqualTo("A filesystem is full.");
    assertThat(severity(judge(rule))).isEqualTo(Severity.ERROR);
    freeBlocks = 30 * GIB / 4096;
    details = Map.of("reserved blocks", Long.toString(30 * GIB / 4096));
    assertThat(severity(judge(rule))).isEqualTo(Severity.ERROR);
    details = Map.of();
    recovery = Recovery.NEEDED;
    assertThat(judge(rule).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsFreeInodes() {
    String rule = "filesystem.free-inodes";
    assertThat(judge(rule).status()).isEqualTo(Status.PASS);
    freeInodes = 4_999;
    assertThat(severity(judge(rule))).isEqualTo(Severity.WARNING);
    freeInodes = 99;
    assertThat(severity(judge(rule))).isEqualTo(Severity.ERROR);
    type = "xfs";
    assertThat(judge(rule).status()).isEqualTo(Status.PASS);
    recovery = Recovery.NEEDED;
    assertThat(judge(rule).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsDifferentUuids() {
    String rule = "filesystem.unique-uuid";
    assertThat(judge(rule).status()).isEqualTo(Status.PASS);
    Outcome same = Judge.by(rule).of(guest().volume("ext4", "", TestGuest.ROOT_UUID, Map.of()));
    assertThat(same.status()).isEqualTo(Status.FAIL);
    assertThat(same.evidence().getFirst().where()).isEqualTo("partition 1 and partition 2");
  }
}
