package io.diskwright.validate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.validate.Confidence;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.volume.DiskBuilder;
import org.junit.jupiter.api.Test;

/** The rules about what lies in the volumes. */
final class VolumeRulesTest {

  private static final int SECOND = 3 * Disks.MIB;

  @Test
  void passesAPlainDisk() {
    for (String rule :
        new String[] {
          "partition.no-lvm", "partition.no-raid", "partition.no-encryption", "partition.no-swap"
        }) {
      assertThat(judge(rule, Disks.linux())).as(rule).isEqualTo(Status.PASS);
    }
  }

  @Test
  void asksWindowsForNoneOfLinux() {
    for (String rule :
        new String[] {"partition.no-lvm", "partition.no-raid", "partition.no-swap"}) {
      assertThat(judge(rule, Disks.windows())).as(rule).isEqualTo(Status.NOT_APPLICABLE);
    }
    assertThat(judge("partition.no-encryption", Disks.windows())).isEqualTo(Status.PASS);
  }

  @Test
  void findsLvmBehindABootPartition() {
    DiskBuilder disk = Disks.lvm(Disks.two(0x83, 0x8E), SECOND);
    Disks.ext4(disk, Disks.MIB, 2 * Disks.MIB);
    Outcome outcome = Judge.by("partition.no-lvm").of(TestImage.of(disk));
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    assertThat(outcome.confidence()).isEqualTo(Confidence.DERIVED);
    assertThat(outcome.evidence()).extracting(Evidence::where).containsExactly("partition 2");
  }

  @Test
  void warnsOfLvmBesideALargerFilesystem() {
    DiskBuilder disk = Disks.lvm(Disks.two(0x8E, 0x83), Disks.MIB);
    Disks.ext4(disk, SECOND, 5 * Disks.MIB);
    Outcome outcome = Judge.by("partition.no-lvm").of(TestImage.of(disk));
    assertThat(outcome.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    DiskBuilder only = new DiskBuilder(8 * Disks.MIB).entry(0, 1, 0, 0x8E, 2048, 4096);
    outcome = Judge.by("partition.no-lvm").of(TestImage.of(Disks.lvm(only, Disks.MIB)));
    assertThat(outcome.confidence()).isEqualTo(Confidence.PROVED);
  }

  @Test
  void leavesOpenWhatATypeAlonePromises() {
    assertThat(judge("partition.no-lvm", Disks.two(0x83, 0x8E))).isEqualTo(Status.UNKNOWN);
    assertThat(judge("partition.no-raid", Disks.two(0x83, 0xFD))).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void findsRaidMembers() {
    assertThat(judge("partition.no-raid", Disks.md(Disks.two(0x83, 0xFD), SECOND)))
        .isEqualTo(Status.FAIL);
  }

  @Test
  void findsABtrfsOfSeveralDevices() {
    int superblock = SECOND + 0x10000;
    DiskBuilder disk =
        Disks.two(0x83, 0x83)
            .text(superblock + 0x40, "_BHRfS_M")
            .u64(superblock + 0x30, 0x10000)
            .u64(superblock + 0x70, 5 * Disks.MIB)
            .u64(superblock + 0x88, 2)
            .u32(superblock + 0x90, 4096)
            .u32(superblock + 0x94, 16384);
    Outcome outcome = Judge.by("partition.no-raid").of(TestImage.of(disk));
    assertThat(outcome.evidence())
        .containsExactly(new Evidence("partition 2 btrfs num_devices", "2", "1"));
    assertThat(judge("partition.no-raid", disk.u64(superblock + 0x88, 1))).isEqualTo(Status.PASS);
  }

  @Test
  void findsEncryption() {
    assertThat(judge("partition.no-encryption", Disks.luks(Disks.two(0x83, 0x83), SECOND)))
        .isEqualTo(Status.FAIL);
    assertThat(judge("partition.no-encryption", Disks.bitLocker(Disks.two(0x07, 0x07), SECOND)))
        .isEqualTo(Status.FAIL);
  }

  @Test
  void leavesRandomContentOpen() {
    DiskBuilder disk = Disks.ext4(Disks.two(0x83, 0x83), Disks.MIB, 2 * Disks.MIB);
    Outcome zeros = Judge.by("partition.no-encryption").of(TestImage.of(disk));
    assertThat(zeros.status()).isEqualTo(Status.PASS);
    assertThat(zeros.confidence()).isEqualTo(Confidence.DERIVED);
    Disks.random(disk, SECOND, 1 << 16);
    assertThat(judge("partition.no-encryption", disk)).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void leavesExt4WithEncryptedFoldersOpen() {
    DiskBuilder disk = Disks.linux().u32(Disks.MIB + 1024 + 0x60, 0x10042);
    assertThat(judge("partition.no-encryption", disk)).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void seesNothingInsideContainers() {
    DiskBuilder raid = Disks.md(Disks.two(0x83, 0xFD), SECOND);
    assertThat(judge("partition.no-lvm", raid)).isEqualTo(Status.UNKNOWN);
    assertThat(judge("partition.no-encryption", raid)).isEqualTo(Status.UNKNOWN);
    assertThat(judge("partition.no-swap", raid)).isEqualTo(Status.UNKNOWN);
    DiskBuilder damaged = Disks.linux().entry(0, 2, 0, 0x83, 4096, 2048);
    assertThat(judge("partition.no-lvm", damaged)).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void findsSwap() {
    assertThat(judge("partition.no-swap", Disks.swap(Disks.two(0x83, 0x82), SECOND)))
        .isEqualTo(Status.FAIL);
    Outcome declared = Judge.by("partition.no-swap").of(TestImage.of(Disks.two(0x83, 0x82)));
    assertThat(declared.status()).isEqualTo(Status.FAIL);
    assertThat(declared.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    DiskBuilder lvm = Disks.lvm(Disks.two(0x83, 0x8E), SECOND);
    assertThat(judge("partition.no-swap", lvm)).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void findsDynamicDisks() {
    String rule = "partition.no-dynamic-disk";
    assertThat(judge(rule, Disks.windows())).isEqualTo(Status.PASS);
    assertThat(judge(rule, Disks.linux())).isEqualTo(Status.NOT_APPLICABLE);
    assertThat(judge(rule, Disks.windows().text(6 * 512, "PRIVHEAD"))).isEqualTo(Status.FAIL);
    assertThat(judge(rule, Disks.windows().u8(446 + 4, 0x42))).isEqualTo(Status.FAIL);
    assertThat(judge(rule, Disks.gptType(Disks.gpt(), 1, Disks.STORAGE_SPACE)))
        .isEqualTo(Status.FAIL);
    DiskBuilder damaged = Disks.windows().entry(0, 2, 0, 0x07, 4096, 2048);
    assertThat(judge(rule, damaged)).isEqualTo(Status.UNKNOWN);
  }

  private static Status judge(String rule, DiskBuilder disk) {
    return Judge.by(rule).of(TestImage.of(disk)).status();
  }
}
