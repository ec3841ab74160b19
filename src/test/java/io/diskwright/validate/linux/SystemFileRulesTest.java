package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import org.junit.jupiter.api.Test;

/** Whether the files a Linux needs are there, and as they were installed. */
class SystemFileRulesTest {

  private static final String ISSUE = "Debian GNU/Linux 12 \\n \\l\n\n";

  private static TestGuest guest() {
    TestGuest guest = TestGuest.debian().with("etc/issue", ISSUE).link("usr/bin/sh", "bash");
    for (String program :
        new String[] {
          "usr/bin/mount",
          "usr/sbin/modprobe",
          "usr/bin/passwd",
          "usr/sbin/chpasswd",
          "usr/sbin/fsck"
        }) {
      guest.program(program, 62);
    }
    return guest;
  }

  private static Outcome judge(String rule, TestGuest guest) {
    return Judge.by("linux.config." + rule).of(guest);
  }

  private static Severity severity(Outcome outcome) {
    return outcome.severity(Severity.ERROR);
  }

  @Test
  void wantsTheProgramsASystemStartsWith() {
    String rule = "critical-files";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(severity(judge(rule, guest().without("usr/bin/mount")))).isEqualTo(Severity.ERROR);
    assertThat(severity(judge(rule, guest().without("usr/sbin/chpasswd"))))
        .isEqualTo(Severity.WARNING);
    assertThat(
            judge(rule, guest().mode("usr/sbin/modprobe", 0644)).evidence().getFirst().observed())
        .contains("not executable");
    assertThat(judge(rule, guest().with("usr/bin/mount", new byte[0])).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, guest().with("usr/bin/mount", "text").mode("usr/bin/mount", 0755)).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().link("lib64", "nowhere")).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void comparesProgramsWithWhatWasDelivered() {
    String rule = "critical-files-unmodified";
    TestGuest debian =
        guest()
            .with(
                "var/lib/dpkg/status",
                "Package: mount\nStatus: install ok installed\nVersion: 1\n\n")
            .with("usr/bin/mount", "content")
            .with(
                "var/lib/dpkg/info/mount.md5sums",
                "9a0364b9e99bb480dd25e1f0284c8555  usr/bin/mount\n");
    assertThat(judge(rule, debian).status()).isEqualTo(Status.PASS);
    debian.with("usr/bin/mount", "contents");
    assertThat(severity(judge(rule, debian))).isEqualTo(Severity.WARNING);
    assertThat(judge(rule, debian).status()).isEqualTo(Status.FAIL);
    debian
        .with("usr/bin/bash", "other")
        .with("var/lib/dpkg/info/bash.md5sums", "9a0364b9e99bb480dd25e1f0284c8555  usr/bin/bash\n");
    assertThat(severity(judge(rule, debian))).isEqualTo(Severity.ERROR);
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.UNKNOWN);
    assertThat(judge(rule, guest().with("var/lib/rpm/rpmdb.sqlite", "x")).message())
        .contains("rpm");
  }

  @Test
  void wantsRelativeLinks() {
    String rule = "lib-symlinks-relative";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().link("lib64", "/usr/lib64")).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void wantsTheStockBanner() {
    String rule = "issue-files";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(severity(judge(rule, guest().with("etc/issue", "Authorized users only\n"))))
        .isEqualTo(Severity.ERROR);
    assertThat(judge(rule, guest().without("etc/issue")).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("etc/issue", "\n")).status()).isEqualTo(Status.FAIL);
    TestGuest changed =
        guest()
            .with(
                "var/lib/dpkg/status",
                "Package: base-files\nStatus: install ok installed\nVersion: 1\n"
                    + "Conffiles:\n /etc/issue 00000000000000000000000000000000\n\n");
    assertThat(severity(judge(rule, changed))).isEqualTo(Severity.WARNING);
    TestGuest unknown =
        guest()
            .with("etc/os-release", "ID=slackware\nVERSION_ID=15\n")
            .without("etc/debian_version");
    assertThat(judge(rule, unknown).status()).isEqualTo(Status.UNKNOWN);
  }
}
