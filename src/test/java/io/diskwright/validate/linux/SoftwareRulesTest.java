package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Confidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import org.junit.jupiter.api.Test;

/** Which agents and tools are installed, judged. */
class SoftwareRulesTest {

  private static final String STATUS =
      "Package: openssl\nStatus: install ok installed\nVersion: 3.0.11-1\n\n";

  private static TestGuest guest() {
    return TestGuest.debian()
        .with("etc/machine-id", "0123\n")
        .with(
            "var/lib/dpkg/status",
            STATUS + "Package: cloud-init\nStatus: install ok installed\nVersion: 22.4.2-1\n\n")
        .program("usr/bin/cloud-init", 62)
        .program("usr/bin/python3", 62)
        .with("etc/cloud/cloud.cfg", "users:\n - default\n")
        .with("usr/lib/systemd/system-generators/cloud-init-generator", "#!/bin/sh\n");
  }

  private static TestGuest bare() {
    return TestGuest.debian().with("var/lib/dpkg/status", STATUS);
  }

  private static Outcome judge(String rule, TestGuest guest) {
    return Judge.by("linux.software." + rule).of(guest);
  }

  @Test
  void findsTheAgentOfQemu() {
    String rule = "qemu-ga-absent";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest()).confidence()).isEqualTo(Confidence.PROVED);
    assertThat(judge(rule, TestGuest.debian()).confidence()).isEqualTo(Confidence.DERIVED);
    assertThat(judge(rule, guest().program("usr/sbin/qemu-ga", 62)).status())
        .isEqualTo(Status.FAIL);
    String removed = "Package: qemu-guest-agent\nStatus: deinstall ok config-files\nVersion: 1\n\n";
    assertThat(judge(rule, guest().with("var/lib/dpkg/status", removed)).status())
        .isEqualTo(Status.PASS);
    String there = removed.replace("deinstall ok config-files", "install ok installed");
    assertThat(judge(rule, guest().with("var/lib/dpkg/status", there)).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, guest().without("var/lib/dpkg/status").directory("var/lib/dpkg/status"))
                .status())
        .isEqualTo(Status.PASS);
    assertThat(judge(rule, TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsCloudInit() {
    String rule = "cloud-init";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, bare()).status()).isEqualTo(Status.FAIL);
    TestGuest old =
        bare()
            .program("usr/bin/cloud-init", 62)
            .with("etc/cloud/cloud.cfg", "")
            .with(
                "usr/lib/python3/dist-packages/cloudinit/version.py", "__VERSION__ = \"0.7.5\"\n");
    assertThat(judge(rule, old).message()).contains("0.7.5");
    old.with("usr/lib/python3/dist-packages/cloudinit/version.py", "");
    assertThat(judge(rule, old).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsCloudInitStarted() {
    String rule = "cloud-init-enabled";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/cloud/cloud-init.disabled", "")).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, guest().with("etc/cloud/ds-identify.cfg", "policy: disabled\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, guest().without("usr/lib/systemd/system-generators/cloud-init-generator"))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, bare()).status()).isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void wantsTheImportersDatasource() {
    String rule = "cloud-init-datasource";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    TestGuest pinned =
        guest().with("etc/cloud/cloud.cfg.d/99-installer.cfg", "datasource_list:\n- None\n");
    assertThat(judge(rule, pinned).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, pinned).evidence().getFirst().where())
        .isEqualTo("/etc/cloud/cloud.cfg.d/99-installer.cfg");
    pinned.with("etc/cloud/cloud.cfg.d/99-z.cfg", "datasource_list: [ NoCloud, AliYun ]\n");
    assertThat(judge(rule, pinned).status()).isEqualTo(Status.PASS);
    pinned.with("etc/cloud/cloud.cfg.d/99-z.cfg", "datasource_list: ['aliyun']\n");
    assertThat(judge(rule, pinned).severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    assertThat(Judge.by("linux.software." + rule).in("aws").of(pinned).message())
        .contains("does not look");
    TestGuest unreadable = guest().directory("etc/cloud/cloud.cfg.d/x.cfg");
    assertThat(judge(rule, unreadable).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void looksForAgentsAndTools() {
    assertThat(judge("growpart", guest().program("usr/bin/growpart", 62)).status())
        .isEqualTo(Status.PASS);
    assertThat(judge("growpart", guest()).status()).isEqualTo(Status.FAIL);
    TestGuest repart = guest().program("usr/bin/systemd-repart", 62);
    assertThat(judge("growpart", repart).status()).isEqualTo(Status.FAIL);
    repart.with("usr/lib/repart.d/50-root.conf", "[Partition]\nType=root\n");
    assertThat(judge("growpart", repart).status()).isEqualTo(Status.PASS);
    assertThat(judge("cloud-agent", guest()).status()).isEqualTo(Status.FAIL);
    assertThat(judge("cloud-agent", guest().directory("usr/local/share/aliyun-assist")).status())
        .isEqualTo(Status.PASS);
    assertThat(judge("foreign-guest-tools", guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge("foreign-guest-tools", guest().program("usr/bin/vmtoolsd", 62)).status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void looksForWhatAzureRuns() {
    var rule = Judge.by("linux.software.runtime").in("azure");
    TestGuest alive = guest().with("etc/ssh/sshd_config", "ClientAliveInterval 180\n");
    assertThat(rule.of(alive).status()).isEqualTo(Status.PASS);
    assertThat(rule.of(guest()).status()).isEqualTo(Status.FAIL);
    assertThat(rule.of(guest().without("usr/bin/python3")).message()).contains("Python");
    assertThat(rule.of(alive.without("var/lib/dpkg/status")).status()).isEqualTo(Status.UNKNOWN);
  }
}
