package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What /etc/fstab mounts, judged. */
class FstabRulesTest {

  private static final String ROOT = "UUID=" + TestGuest.ROOT_UUID + " / ext4 defaults 0 1\n";

  private static Outcome judge(String rule, String fstab) {
    return Judge.by("linux.config.fstab-" + rule).of(TestGuest.debian().with("etc/fstab", fstab));
  }

  private static Severity severity(Outcome outcome) {
    return outcome.severity(Severity.ERROR);
  }

  @Test
  void wantsWellFormedEntries() {
    assertThat(judge("syntax", ROOT + "proc /proc proc defaults 0 0\n").status())
        .isEqualTo(Status.PASS);
    assertThat(judge("syntax", ROOT + "UUID=x\n").status()).isEqualTo(Status.FAIL);
    assertThat(judge("syntax", ROOT.replace("0 1", "zero 1")).status()).isEqualTo(Status.FAIL);
    assertThat(judge("syntax", ROOT.replace("\n", "\r\n")).message()).contains("does not mount");
    assertThat(judge("syntax", ROOT + ROOT).evidence().getFirst().observed())
        .isEqualTo("2 entries for /");
    assertThat(
            judge("syntax", "# UNCONFIGURED FSTAB FOR BASE SYSTEM\n")
                .evidence()
                .getFirst()
                .observed())
        .isEqualTo("no entry for /");
    assertThat(severity(judge("syntax", ROOT.replace("ext4", "xfs")))).isEqualTo(Severity.ERROR);
    assertThat(severity(judge("syntax", ROOT.replace("ext4", "ext3")))).isEqualTo(Severity.WARNING);
    Outcome none =
        Judge.by("linux.config.fstab-syntax").of(TestGuest.debian().without("etc/fstab"));
    assertThat(none.message()).isEqualTo("There is no /etc/fstab.");
    assertThat(
            Judge.by("linux.config.fstab-syntax")
                .of(TestGuest.debian().without("etc/fstab").directory("etc/fstab"))
                .status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsVolumesOfThisDisk() {
    assertThat(judge("resolves", ROOT).status()).isEqualTo(Status.PASS);
    Outcome foreign = judge("resolves", ROOT + "UUID=dead-beef /data ext4 defaults 0 2\n");
    assertThat(severity(foreign)).isEqualTo(Severity.ERROR);
    assertThat(foreign.evidence().getFirst().where()).isEqualTo("/etc/fstab:2");
    Outcome optional = judge("resolves", ROOT + "UUID=dead-beef /data ext4 nofail 0 2\n");
    assertThat(severity(optional)).isEqualTo(Severity.WARNING);
    assertThat(severity(judge("resolves", ROOT + "UUID=dead-beef none swap sw 0 0\n")))
        .isEqualTo(Severity.WARNING);
    assertThat(judge("resolves", ROOT + "/dev/md0 /data ext4 defaults 0 2\n").status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(judge("resolves", ROOT.replace("UUID=1111", "UUID=2222")).status())
        .isEqualTo(Status.FAIL);
    Outcome noDirectory =
        Judge.by("linux.config.fstab-resolves")
            .of(
                TestGuest.debian()
                    .with("etc/fstab", ROOT + "LABEL=data /data ext4 defaults 0 2\n")
                    .volume("ext4", "data", "d", Map.of()));
    assertThat(severity(noDirectory)).isEqualTo(Severity.WARNING);
  }

  @Test
  void wantsNamesThatStayTheSame() {
    assertThat(judge("stable-names", ROOT).status()).isEqualTo(Status.PASS);
    assertThat(severity(judge("stable-names", "/dev/sda1 / ext4 defaults 0 1\n")))
        .isEqualTo(Severity.ERROR);
    assertThat(severity(judge("stable-names", "/dev/vda1 / ext4 defaults 0 1\n")))
        .isEqualTo(Severity.WARNING);
    assertThat(severity(judge("stable-names", ROOT + "/dev/sdb1 /data ext4 defaults 0 2\n")))
        .isEqualTo(Severity.WARNING);
    assertThat(
            judge("stable-names", "/dev/disk/by-id/ata-QEMU-part1 / ext4 defaults 0 1\n").status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge("stable-names", ROOT + "/dev/sr0 /media/cdrom0 udf,iso9660 noauto 0 0\n")
                .status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void wantsNothingFromElsewhere() {
    assertThat(judge("foreign-mounts", ROOT).status()).isEqualTo(Status.PASS);
    assertThat(judge("foreign-mounts", ROOT + "nas:/x /x nfs defaults 0 0\n").status())
        .isEqualTo(Status.FAIL);
    assertThat(judge("foreign-mounts", ROOT + "nas:/x /x nfs nofail 0 0\n").status())
        .isEqualTo(Status.PASS);
    assertThat(judge("foreign-mounts", ROOT + "/dev/sdb1 /data ext4 defaults 0 2\n").status())
        .isEqualTo(Status.FAIL);
    assertThat(judge("foreign-mounts", ROOT + "/dev/cdrom /media iso9660 ro 0 0\n").status())
        .isEqualTo(Status.FAIL);
  }
}
