package io.diskwright.validate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.volume.DiskBuilder;
import org.junit.jupiter.api.Test;

/** The rules about the partition table and how the disk is divided. */
final class TableRulesTest {

  @Test
  void wantsAnMbr() {
    assertThat(mbr(Disks.linux()).status()).isEqualTo(Status.PASS);
    assertThat(mbr(Disks.gpt()).evidence()).extracting(Evidence::observed).containsExactly("GPT");
    assertThat(mbr(Disks.gpt().entry(0, 2, 0, 0x83, 2048, 2048)).evidence())
        .extracting(Evidence::observed)
        .containsExactly("GPT with a hybrid MBR");
    assertThat(mbr(Disks.ext4(new DiskBuilder(Disks.MIB), 0, Disks.MIB)).message())
        .contains("one volume, ext4");
    assertThat(mbr(new DiskBuilder(Disks.MIB).sign(0)).status()).isEqualTo(Status.FAIL);
    assertThat(mbr(new DiskBuilder(Disks.MIB)).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void warnsOfTheRemainsOfAGpt() {
    DiskBuilder disk = Disks.gpt().entry(0, 1, 0x80, 0x83, 2048, 12288);
    Outcome outcome = mbr(disk);
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
  }

  @Test
  void letsCoreOsHaveAGpt() {
    Outcome outcome = mbr(Disks.gptType(Disks.gpt(), 1, Disks.COREOS_USR));
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.severity(Severity.ERROR)).isEqualTo(Severity.INFO);
  }

  @Test
  void wantsASoundTable() {
    assertThat(valid(Disks.linux()).status()).isEqualTo(Status.PASS);
    assertThat(valid(Disks.gpt()).status()).isEqualTo(Status.PASS);
    Outcome overlap = valid(Disks.linux().entry(0, 2, 0, 0x83, 4096, 2048));
    assertThat(overlap.status()).isEqualTo(Status.FAIL);
    assertThat(overlap.severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    assertThat(overlap.evidence()).hasSize(1);
  }

  @Test
  void warnsWhenOneGptIsLeft() {
    DiskBuilder disk = Disks.gpt().u8(512 + 16, 1);
    Outcome outcome = valid(disk);
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    Outcome both = valid(disk.u8(16383 * 512 + 16, 1));
    assertThat(both.severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
  }

  @Test
  void wantsATableWhereTheImporterDoes() {
    TestImage empty = TestImage.empty(Disks.MIB);
    assertThat(Judge.by("partition.table-valid").of(empty).status()).isEqualTo(Status.FAIL);
    assertThat(Judge.by("partition.table-valid").in("none").of(empty).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void wantsTheBackupAtTheEnd() {
    var rule = Judge.by("partition.gpt-backup-position");
    assertThat(rule.of(TestImage.of(Disks.gpt())).status()).isEqualTo(Status.PASS);
    assertThat(rule.of(TestImage.of(Disks.gpt(), 16 * Disks.MIB)).evidence())
        .containsExactly(new Evidence("GPT backup header", "in sector 16383", "in sector 32767"));
    DiskBuilder none = Disks.gpt().fill(16383 * 512, 512, 0);
    assertThat(rule.of(TestImage.of(none)).evidence())
        .extracting(Evidence::observed)
        .containsExactly("none found");
    assertThat(rule.of(TestImage.of(Disks.linux())).status()).isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void countsThePartitionsWithContent() {
    assertThat(single(Disks.linux()).status()).isEqualTo(Status.UNKNOWN);
    assertThat(single(Disks.linux()).message()).contains("no operating system's root");
    DiskBuilder two = Disks.two(0x83, 0x82);
    Disks.swap(Disks.ext4(two, Disks.MIB, Disks.MIB), 3 * Disks.MIB);
    assertThat(single(two).status()).isEqualTo(Status.FAIL);
    assertThat(single(two).evidence())
        .extracting(Evidence::observed)
        .containsExactly("ext4, 2 MiB", "swap, 5 MiB");
  }

  @Test
  void doesNotCountBootHelpers() {
    DiskBuilder esp = Disks.two(0xEF, 0x83);
    Disks.fat(esp, Disks.MIB, 2 * Disks.MIB);
    Disks.ext4(esp, 3 * Disks.MIB, 5 * Disks.MIB);
    assertThat(single(esp).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void leavesTheRootOpenBesideUnknownContent() {
    DiskBuilder two = Disks.ext4(Disks.two(0x83, 0x83), Disks.MIB, 2 * Disks.MIB);
    assertThat(single(two).message()).contains("not known");
    assertThat(single(new DiskBuilder(Disks.MIB)).status()).isEqualTo(Status.UNKNOWN);
    assertThat(single(Disks.windows()).status()).isEqualTo(Status.NOT_APPLICABLE);
    Disks.ntfs(two, 3 * Disks.MIB, 5 * Disks.MIB);
    assertThat(single(two).status()).isEqualTo(Status.UNKNOWN);
    assertThat(single(Disks.linux().entry(0, 2, 0, 0x83, 4096, 2048)).message())
        .contains("damaged");
  }

  @Test
  void letsCoreOsHaveSeveralPartitions() {
    DiskBuilder disk =
        Disks.gpt().gptEntry(1, 2048, 6143, 0, "").gptEntry(2, 6144, 14335, 0, "").checksums();
    Disks.gptType(Disks.ext4(disk, 3 * Disks.MIB, 4 * Disks.MIB), 2, Disks.COREOS_USR);
    Disks.ext4(disk, Disks.MIB, 2 * Disks.MIB);
    assertThat(single(disk).status()).isEqualTo(Status.FAIL);
    assertThat(single(disk).severity(Severity.ERROR)).isEqualTo(Severity.INFO);
  }

  @Test
  void listsTheVolumesOfWindows() {
    var rule = Judge.by("partition.multi-ok");
    assertThat(rule.of(TestImage.of(Disks.windows())).status()).isEqualTo(Status.PASS);
    assertThat(rule.of(TestImage.of(Disks.linux())).status()).isEqualTo(Status.NOT_APPLICABLE);
    assertThat(rule.of(TestImage.empty(512)).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsTheRootBehindAllOthers() {
    var rule = Judge.by("partition.root-last");
    assertThat(rule.of(TestImage.of(Disks.linux())).status()).isEqualTo(Status.PASS);
    DiskBuilder swapLast = Disks.ext4(Disks.two(0x83, 0x82), Disks.MIB, 2 * Disks.MIB);
    Disks.swap(swapLast, 3 * Disks.MIB);
    assertThat(rule.of(TestImage.of(swapLast)).status()).isEqualTo(Status.FAIL);
    DiskBuilder twoRoots = Disks.ext4(Disks.two(0x83, 0x83), Disks.MIB, 2 * Disks.MIB);
    assertThat(rule.of(TestImage.of(twoRoots)).status()).isEqualTo(Status.UNKNOWN);
    Disks.ext4(twoRoots, 3 * Disks.MIB, 5 * Disks.MIB);
    assertThat(rule.of(TestImage.of(twoRoots)).status()).isEqualTo(Status.UNKNOWN);
    DiskBuilder lvm = Disks.lvm(Disks.two(0x83, 0x8E), 3 * Disks.MIB);
    assertThat(rule.of(TestImage.of(lvm)).message()).contains("LVM");
    assertThat(rule.of(TestImage.of(Disks.windows())).status()).isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void measuresWhatIsNotPartitioned() {
    var rule = Judge.by("partition.growable");
    assertThat(rule.of(TestImage.of(Disks.linux())).status()).isEqualTo(Status.PASS);
    assertThat(rule.of(TestImage.of(Disks.linux(), 40L << 30)).message()).startsWith("39.99 GiB");
    assertThat(rule.of(TestImage.empty(512)).status()).isEqualTo(Status.NOT_APPLICABLE);
    DiskBuilder damaged = Disks.linux().entry(0, 2, 0, 0x83, 4096, 2048);
    assertThat(rule.of(TestImage.of(damaged)).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsAlignedPartitions() {
    var rule = Judge.by("partition.alignment");
    assertThat(rule.of(TestImage.of(Disks.linux())).status()).isEqualTo(Status.PASS);
    DiskBuilder early = new DiskBuilder(8 * Disks.MIB).entry(0, 1, 0, 0x83, 64, 2048);
    assertThat(rule.of(TestImage.of(early)).status()).isEqualTo(Status.FAIL);
    DiskBuilder odd = Disks.two(0x83, 0x83).entry(0, 2, 0, 0x83, 6145, 2048);
    assertThat(rule.of(TestImage.of(odd)).evidence())
        .extracting(Evidence::where)
        .containsExactly("partition 2 start");
  }

  private static Outcome mbr(DiskBuilder disk) {
    return Judge.by("partition.table-mbr").of(TestImage.of(disk));
  }

  private static Outcome valid(DiskBuilder disk) {
    return Judge.by("partition.table-valid").of(TestImage.of(disk));
  }

  private static Outcome single(DiskBuilder disk) {
    return Judge.by("partition.single-root").of(TestImage.of(disk));
  }
}
