package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import org.junit.jupiter.api.Test;

/** Kernel, initramfs and drivers, judged. */
class DriverRulesTest {

  private static final String MODULES = "usr/lib/modules/" + BootedGuest.VERSION + "/kernel/";
  private static final String INITRD = "boot/initrd.img-" + BootedGuest.VERSION;

  private static Outcome judge(String rule, TestGuest guest) {
    return Judge.by("linux." + rule).of(guest);
  }

  private static TestGuest unpackable() {
    return BootedGuest.debian().with(INITRD, "this is no archive");
  }

  @Test
  void wantsAKernel() {
    String rule = "boot.kernel-present";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, TestGuest.debian()).message()).isEqualTo("There is no kernel.");
    assertThat(
            judge(rule, BootedGuest.debian().without("boot/vmlinuz-" + BootedGuest.VERSION))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, TestGuest.debian().with("boot/vmlinuz-custom", BootedGuest.bzImage()))
                .message())
        .contains("modules");
    assertThat(judge(rule, TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsAnInitramfsOfTheSameKernel() {
    String rule = "boot.initramfs-present";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, BootedGuest.debian().without(INITRD)).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, unpackable()).status()).isEqualTo(Status.UNKNOWN);
    assertThat(judge(rule, unpackable()).message()).contains("not known");
    assertThat(judge(rule, TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsAKernelForAnyMachine() {
    String rule = "boot.kernel-usable";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    Outcome xen =
        judge(
            rule,
            BootedGuest.debian()
                .with("boot/config-" + BootedGuest.VERSION, "CONFIG_X86_64_XEN=y\n"));
    assertThat(xen.status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsVirtio() {
    String rule = "driver.kvm-virtio";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    Outcome none = judge(rule, BootedGuest.debian().without(MODULES + "virtio_net.ko"));
    assertThat(none.status()).isEqualTo(Status.FAIL);
    assertThat(none.evidence().getFirst().observed()).isEqualTo("no virtio_net");
    // A module without what it needs is not there.
    assertThat(judge(rule, BootedGuest.debian().without(MODULES + "virtio.ko")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
    TestGuest withoutIndex =
        BootedGuest.debian().without("usr/lib/modules/" + BootedGuest.VERSION + "/modules.dep");
    assertThat(judge(rule, withoutIndex).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsVirtioInTheInitramfs() {
    String rule = "driver.kvm-virtio-initramfs";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    TestGuest bare = BootedGuest.debian().with(INITRD, BootedGuest.initramfs("ahci", "virtio_blk"));
    assertThat(judge(rule, bare).evidence())
        .extracting(e -> e.observed())
        .containsExactly("no virtio", "no virtio_pci");
    assertThat(judge(rule, BootedGuest.debian().without(INITRD)).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, unpackable()).status()).isEqualTo(Status.UNKNOWN);
    TestGuest builtin =
        BootedGuest.debian()
            .without(INITRD)
            .with(
                "boot/config-" + BootedGuest.VERSION, "CONFIG_VIRTIO_BLK=y\nCONFIG_VIRTIO_PCI=y\n");
    assertThat(judge(rule, builtin).status()).isEqualTo(Status.PASS);
  }

  @Test
  void wantsXenToo() {
    assertThat(judge("driver.xen", BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(
            judge("driver.xen", BootedGuest.debian().without(MODULES + "xen-netfront.ko")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge("driver.xen", TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
    String rule = "driver.xen-initramfs";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(
            judge(rule, BootedGuest.debian().with(INITRD, BootedGuest.initramfs("ahci"))).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, unpackable()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsNvme() {
    String rule = "driver.nvme";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, BootedGuest.debian().without(MODULES + "nvme.ko")).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            Judge.by("linux.driver.nvme").in("alibaba-current").of(BootedGuest.debian()).message())
        .contains("wait");
    assertThat(judge(rule, unpackable()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsWhatAProfileNames() {
    var rule = Judge.by("linux.driver.profile-extra").in("azure");
    assertThat(rule.of(BootedGuest.debian()).status()).isEqualTo(Status.FAIL);
    TestGuest builtin =
        BootedGuest.debian()
            .with(
                "boot/config-" + BootedGuest.VERSION,
                "CONFIG_HYPERV=y\nCONFIG_HYPERV_STORAGE=y\nCONFIG_HYPERV_NET=y\n");
    assertThat(rule.of(builtin).status()).isEqualTo(Status.PASS);
    assertThat(rule.of(TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
    assertThat(Judge.by("linux.driver.profile-extra").in("gcp").of(BootedGuest.debian()).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void wantsFwCfg() {
    String rule = "driver.fw-cfg";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, BootedGuest.debian().without(MODULES + "qemu_fw_cfg.ko")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.debian()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void findsDriversThatAreKeptFromLoading() {
    String rule = "driver.not-blacklisted";
    assertThat(judge(rule, BootedGuest.debian()).status()).isEqualTo(Status.PASS);
    TestGuest listed = BootedGuest.debian().with("etc/modprobe.d/x.conf", "blacklist virtio-blk\n");
    assertThat(judge(rule, listed).severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    assertThat(judge(rule, listed).status()).isEqualTo(Status.FAIL);
    assertThat(
            judge(
                    rule,
                    BootedGuest.debian()
                        .with("etc/modprobe.d/x.conf", "install virtio_blk /bin/true\n"))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, BootedGuest.debian().with("etc/modprobe.d/x.conf", "blacklist floppy\n"))
                .status())
        .isEqualTo(Status.PASS);
  }
}
