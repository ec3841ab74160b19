package io.diskwright.validate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.volume.DiskBuilder;
import org.junit.jupiter.api.Test;

/** The rules about how the disk starts. */
final class BootRulesTest {

  @Test
  void followsGrub2IntoTheGap() {
    assertThat(code(Disks.grub2(Disks.linux(), 1)).status()).isEqualTo(Status.PASS);
    assertThat(code(Disks.grub2(Disks.linux(), 1)).message()).contains("GRUB 2");
  }

  @Test
  void followsGrub2IntoTheBiosBootPartition() {
    DiskBuilder disk = Disks.gpt().gptEntry(2, 14336, 16000, 0, "").checksums();
    Disks.grub2(Disks.gptType(disk, 2, Disks.BIOS_BOOT), 14336);
    assertThat(code(disk).status()).isEqualTo(Status.PASS);
    assertThat(code(Disks.grub2(disk, 2048)).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void failsGrub2ThatLeadsNowhere() {
    assertThat(code(Disks.grub2(Disks.linux(), 0)).message()).contains("outside the disk");
    assertThat(code(Disks.grub2(Disks.linux(), -1)).message()).contains("outside the disk");
    assertThat(code(Disks.grub2(Disks.linux(), 1L << 40)).message()).contains("outside the disk");
    assertThat(code(Disks.grub2(Disks.linux(), 5).fill(5 * 512, 512, 0)).message())
        .contains("sector of zeros");
  }

  @Test
  void failsACoreThatReachesIntoAPartition() {
    DiskBuilder disk = Disks.grub2(Disks.linux(), 1).u16(512 + 508, 2047);
    assertThat(code(disk).status()).isEqualTo(Status.FAIL);
    assertThat(code(disk.u16(512 + 508, 2046)).status()).isEqualTo(Status.PASS);
    assertThat(code(disk.u16(512 + 508, 0)).status()).isEqualTo(Status.UNKNOWN);
    assertThat(code(disk.u16(512 + 508, 19).u64(512 + 488, 2048).u16(512 + 496, 1)).status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void followsGrubLegacy() {
    DiskBuilder disk =
        Disks.linux().u8(0, 0xEB).u8(1, 0x48).u8(0x3E, 3).text(0x180, "GRUB ").u32(0x44, 1);
    assertThat(code(disk).status()).isEqualTo(Status.FAIL);
    assertThat(code(disk.u8(512, 7)).status()).isEqualTo(Status.PASS);
    assertThat(code(disk.u32(0x44, 3000).u8(3000 * 512, 7)).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void followsWindowsToItsBootSector() {
    DiskBuilder disk = Disks.windowsCode(Disks.windows());
    assertThat(code(disk).status()).isEqualTo(Status.PASS);
    assertThat(code(disk.text(Disks.MIB + 0x200 + 0x18A, "XXXXXXXXXXXXXX")).status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(code(disk.u8(Disks.MIB + 510, 0)).message()).contains("boot sector");
    assertThat(code(disk.u8(446, 0)).message()).contains("active");
  }

  @Test
  void failsWithoutCode() {
    assertThat(code(Disks.linux()).status()).isEqualTo(Status.FAIL);
    assertThat(code(new DiskBuilder(Disks.MIB)).status()).isEqualTo(Status.FAIL);
    assertThat(code(Disks.linux().text(3, "what is this?")).status()).isEqualTo(Status.UNKNOWN);
    assertThat(code(Disks.linux().text(6, "LILO")).message()).contains("LILO");
  }

  @Test
  void asksForNoCodeWhereUefiStarts() {
    assertThat(code(esp()).status()).isEqualTo(Status.NOT_APPLICABLE);
    assertThat(judge("partition.active-flag", esp().u8(446, 0)).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void wantsOneActivePartition() {
    assertThat(active(Disks.linux()).status()).isEqualTo(Status.PASS);
    DiskBuilder two = Disks.two(0x83, 0x83).u8(446 + 16, 0x80);
    Outcome outcome = active(two);
    assertThat(outcome.status()).isEqualTo(Status.FAIL);
    assertThat(outcome.severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    assertThat(active(Disks.gpt()).status()).isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void ranksAMissingMarkByTheLoader() {
    Outcome grub = active(Disks.grub2(Disks.linux(), 1).u8(446, 0));
    assertThat(grub.status()).isEqualTo(Status.FAIL);
    assertThat(grub.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    Outcome windows = active(Disks.windows().u8(446, 0));
    assertThat(windows.status()).isEqualTo(Status.FAIL);
    assertThat(windows.severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    Outcome code = active(Disks.windowsCode(Disks.linux()).u8(446, 0));
    assertThat(code.severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    assertThat(active(Disks.linux().u8(446, 0)).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void leavesTheFilesOfTheActivePartitionOfWindowsOpen() {
    assertThat(active(Disks.windows()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void tellsTheBootMode() {
    assertThat(mode("alibaba", Disks.grub2(Disks.linux(), 1)).message()).contains("by BIOS");
    assertThat(mode("alibaba", Disks.grub2(Disks.linux(), 1)).status()).isEqualTo(Status.PASS);
    Outcome none = mode("aws", Disks.linux());
    assertThat(none.status()).isEqualTo(Status.FAIL);
    assertThat(none.severity(Severity.INFO)).isEqualTo(Severity.ERROR);
    assertThat(mode("alibaba", esp()).status()).isEqualTo(Status.FAIL);
    assertThat(mode("aws", esp()).message())
        .isEqualTo("The disk starts neither by BIOS nor by UEFI.");
    assertThat(mode("alibaba", Disks.linux().text(3, "what is this?")).status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(mode("alibaba", Disks.linux().entry(0, 2, 0, 0x83, 4096, 2048)).status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(mode("alibaba", Disks.grub2(esp(), 1)).message())
        .isEqualTo("The disk starts by BIOS.");
  }

  @Test
  void leavesToTheFilesystemReaderWhatIsItsToTell() {
    assertThat(judge("partition.boot-on-same-disk", Disks.linux()).status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(judge("partition.esp-fallback", esp()).status()).isEqualTo(Status.FAIL);
    assertThat(judge("partition.esp-fallback", esp().fill((int) Disks.MIB, 512, 0)).status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(judge("partition.esp-fallback", Disks.linux()).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  private static DiskBuilder esp() {
    DiskBuilder disk = Disks.fat(Disks.two(0xEF, 0x83), Disks.MIB, 2 * Disks.MIB);
    return Disks.ext4(disk, 3 * Disks.MIB, 5 * Disks.MIB);
  }

  private static Outcome code(DiskBuilder disk) {
    return judge("partition.boot-code", disk);
  }

  private static Outcome active(DiskBuilder disk) {
    return judge("partition.active-flag", disk);
  }

  private static Outcome mode(String profile, DiskBuilder disk) {
    return Judge.by("partition.boot-mode").in(profile).of(TestImage.of(disk));
  }

  private static Outcome judge(String rule, DiskBuilder disk) {
    return Judge.by(rule).of(TestImage.of(disk));
  }
}
