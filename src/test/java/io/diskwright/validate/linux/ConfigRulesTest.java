package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.InodeFlag;
import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import org.junit.jupiter.api.Test;

/** What a Linux configures, judged. */
class ConfigRulesTest {

  private static TestGuest guest() {
    return TestGuest.debian()
        .with("etc/shadow", "root:*:19000:0:99999:7:::\n")
        .mode("etc/shadow", 0640)
        .with("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
  }

  private static Outcome judge(String rule, TestGuest guest) {
    return Judge.by("linux.config." + rule).of(guest);
  }

  private static Severity severity(Outcome outcome) {
    return outcome.severity(Severity.ERROR);
  }

  @Test
  void wantsAccountFilesThatCanBeWritten() {
    String rule = "shadow-writable";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().mode("etc/shadow", 0)).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().mode("etc/shadow", 0400)).status()).isEqualTo(Status.PASS);
    assertThat(severity(judge(rule, guest().mode("etc/shadow", 0644)))).isEqualTo(Severity.WARNING);
    Outcome locked = judge(rule, guest().flags("etc/shadow", InodeFlag.IMMUTABLE));
    assertThat(severity(locked)).isEqualTo(Severity.ERROR);
    assertThat(locked.evidence().getFirst().observed()).isEqualTo("IMMUTABLE");
    assertThat(judge(rule, guest().flags("etc/passwd", InodeFlag.APPEND_ONLY)).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().owner("etc/shadow", 7)).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().without("etc/shadow")).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().link("etc/shadow", "/mnt/shadow")).status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void wantsConfigurationThatIsNotLocked() {
    String rule = "immutable-config";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().flags("etc/hosts", InodeFlag.IMMUTABLE)).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(
                    rule,
                    guest()
                        .with("etc/ssh/sshd_config", "")
                        .flags("etc/ssh/sshd_config", InodeFlag.APPEND_ONLY))
                .evidence()
                .getFirst()
                .where())
        .isEqualTo("/etc/ssh/sshd_config");
  }

  @Test
  void wantsAProgramAndATargetToStartWith() {
    String rule = "init-present";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    Outcome none = judge(rule, guest().without("usr/lib/systemd/systemd"));
    assertThat(none.status()).isEqualTo(Status.FAIL);
    assertThat(
            judge(
                    rule,
                    guest()
                        .link(
                            "etc/systemd/system/default.target",
                            "/lib/systemd/system/rescue.target"))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("etc/inittab", "id:0:initdefault:\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("etc/inittab", "id:3:initdefault:\n")).status())
        .isEqualTo(Status.PASS);
    assertThat(severity(judge(rule, guest().with("etc/nologin", "")))).isEqualTo(Severity.WARNING);
    assertThat(severity(judge(rule, guest().with(".autorelabel", "")))).isEqualTo(Severity.INFO);
  }

  @Test
  void wantsAClockInUtc() {
    String rule = "rtc-utc";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/adjtime", "0.0 0 0.0\n0\nUTC\n")).status())
        .isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/adjtime", "0.0 0 0.0\n0\nLOCAL\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("etc/default/rcS", "UTC=no\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("etc/sysconfig/clock", "UTC=false\n")).status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void findsIdentitiesThatWouldBeShared() {
    String rule = "machine-identity";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/machine-id", "")).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/machine-id", "0123\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("var/lib/dhcp/dhclient.eth0.leases", "")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("var/lib/cloud/instances/i-1/x", "")).status())
        .isEqualTo(Status.FAIL);
  }
}
