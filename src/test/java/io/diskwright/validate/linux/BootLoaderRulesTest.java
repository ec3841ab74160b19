package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import org.junit.jupiter.api.Test;

/** How a Linux is started, judged. */
class BootLoaderRulesTest {

  private static final String KERNEL = "vmlinuz-" + BootedGuest.VERSION;

  private static Outcome judge(String rule, TestGuest guest) {
    return Judge.by("linux.boot." + rule).of(guest);
  }

  private static TestGuest options(String options) {
    return BootedGuest.debian().with("boot/grub/grub.cfg", BootedGuest.grub(options));
  }

  @Test
  void findsTheConfigurationOfEachLoader() {
    String rule = "config-present";
    assertThat(judge(rule, BootedGuest.debian()).message()).contains("/boot/grub/grub.cfg");
    assertThat(judge(rule, TestGuest.debian()).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.debian().with("boot/grub/menu.lst", "title a\n")).message())
        .contains("GRUB legacy");
    assertThat(
            judge(rule, TestGuest.debian().with("boot/extlinux/extlinux.conf", "label a\n"))
                .message())
        .contains("syslinux");
    assertThat(
            judge(rule, TestGuest.debian().with("boot/loader/entries/a.conf", "linux /vmlinuz\n"))
                .message())
        .contains("systemd-boot");
    assertThat(judge(rule, TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void followsTheDefaultEntry() {
    String rule = "config-valid";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    Outcome missing = judge(rule, BootedGuest.debian().without("boot/" + KERNEL));
    assertThat(missing.severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    assertThat(missing.evidence().getFirst().where()).isEqualTo("/boot/grub/grub.cfg:14");
    String menu = BootedGuest.grub("root=" + BootedGuest.ROOT);
    Outcome noDefault =
        judge(
            rule,
            BootedGuest.debian()
                .with("boot/grub/grub.cfg", menu.replace("default=\"0\"", "default=\"7\"")));
    assertThat(noDefault.message()).contains("'7'");
    TestGuest nested =
        BootedGuest.debian()
            .with(
                "boot/grub/grub.cfg",
                menu.replace(
                    "default=\"0\"",
                    "default=\"gnulinux-advanced-"
                        + TestGuest.ROOT_UUID
                        + ">gnulinux-"
                        + BootedGuest.VERSION
                        + "-advanced\""));
    assertThat(judge(rule, nested).message()).contains("with Linux");
    TestGuest other =
        BootedGuest.debian()
            .with("boot/grub/grub.cfg", menu + "menuentry 'old' {\n linux /boot/old\n}\n");
    assertThat(judge(rule, other).severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    assertThat(
            judge(
                    rule,
                    BootedGuest.debian()
                        .with(
                            "boot/grub/grub.cfg",
                            menu.replace(
                                TestGuest.ROOT_UUID, "00000000-0000-0000-0000-000000000000")))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void followsTheDefaultOfOldAndNewLoaders() {
    String rule = "config-valid";
    TestGuest legacy =
        BootedGuest.debian()
            .without("boot/grub/grub.cfg")
            .with(
                "boot/grub/menu.lst",
                "default=1\ntitle a\n\tkernel (hd0,0)/boot/x\ntitle b\n\tkernel (hd0,0)/boot/"
                    + KERNEL
                    + " ro root="
                    + BootedGuest.ROOT
                    + "\n");
    assertThat(judge(rule, legacy).severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    assertThat(judge("root-arg-resolves", legacy).status()).isEqualTo(Status.PASS);
    TestGuest bls =
        BootedGuest.debian()
            .with("boot/grub/grub.cfg", "set default=\"${saved_entry}\"\nblscfg\n")
            .with(
                "boot/grub/grubenv",
                "# GRUB Environment Block\nsaved_entry=m-2\nkernelopts=root="
                    + BootedGuest.ROOT
                    + " ro\n")
            .with(
                "boot/loader/entries/m-9.conf",
                "title nine\nversion 9\nlinux /boot/none\noptions $kernelopts\n")
            .with(
                "boot/loader/entries/m-2.conf",
                "title two\nversion 2\nlinux /boot/" + KERNEL + "\noptions $kernelopts\n");
    assertThat(judge("root-arg-resolves", bls).status()).isEqualTo(Status.PASS);
    bls.with("boot/grub/grubenv", "# GRUB Environment Block\n");
    assertThat(judge(rule, bls).severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
  }

  @Test
  void looksUpTheRoot() {
    String rule = "root-arg-resolves";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, options("root=UUID=dead ro")).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, options("ro")).message()).contains("not told");
    assertThat(judge(rule, options("root=/dev/mapper/vg-root ro")).status())
        .isEqualTo(Status.UNKNOWN);
    Outcome resume = judge(rule, options("root=" + BootedGuest.ROOT + " resume=UUID=dead"));
    assertThat(resume.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
  }

  @Test
  void wantsANameThatStaysTheSame() {
    String rule = "root-arg-stable";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, options("root=/dev/sda1 ro")).severity(Severity.ERROR))
        .isEqualTo(Severity.ERROR);
    assertThat(judge(rule, options("root=/dev/vda1 ro")).severity(Severity.ERROR))
        .isEqualTo(Severity.WARNING);
    assertThat(
            judge(
                    rule,
                    BootedGuest.debian()
                        .with("etc/default/grub", "GRUB_CMDLINE_LINUX=\"root=/dev/sda1\"\n"))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void findsOptionsThatStandInTheWay() {
    String rule = "cmdline-hazards";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, options("root=x single")).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, options("root=x ip=10.0.0.1::10.0.0.254")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, options("root=x console=hvc0")).status()).isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, options("root=x modprobe.blacklist=virtio_blk")).severity(Severity.WARNING))
        .isEqualTo(Severity.ERROR);
    assertThat(judge(rule, TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsASerialConsole() {
    var rule = Judge.by("linux.boot.serial-console").in("azure");
    assertThat(rule.of(BootedGuest.debian()).status()).isEqualTo(Status.FAIL);
    assertThat(rule.of(options("root=x console=ttyS0,115200")).status()).isEqualTo(Status.PASS);
    assertThat(rule.of(TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
  }
}
