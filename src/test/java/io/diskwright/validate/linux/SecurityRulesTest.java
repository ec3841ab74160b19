package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import org.junit.jupiter.api.Test;

/** Firewall, SELinux and accounts, judged. */
class SecurityRulesTest {

  private static TestGuest guest() {
    return TestGuest.debian()
        .with("etc/machine-id", "0123\n")
        .with(
            "etc/passwd", "root:x:0:0:root:/root:/bin/bash\nweb:x:1000:1000::/home/web:/bin/bash\n")
        .with("etc/shadow", "root:$6$salt$hash:19000:0:99999:7:::\nweb:!:19000:0:99999:7:::\n");
  }

  private static TestGuest started(String unit) {
    return guest()
        .with("usr/lib/systemd/system/" + unit, "[Service]\n[Install]\n")
        .link(
            "etc/systemd/system/multi-user.target.wants/" + unit,
            "/usr/lib/systemd/system/" + unit);
  }

  private static Outcome judge(String rule, TestGuest guest) {
    return Judge.by("linux.security." + rule).of(guest);
  }

  @Test
  void findsFirewallsThatAreStarted() {
    String rule = "firewall-disabled";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, started("firewalld.service")).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, started("ufw.service")).status()).isEqualTo(Status.PASS);
    TestGuest ufw = started("ufw.service").with("etc/ufw/ufw.conf", "ENABLED=yes\n");
    assertThat(judge(rule, ufw).status()).isEqualTo(Status.FAIL);
    TestGuest nft =
        started("nftables.service")
            .with(
                "etc/nftables.conf",
                "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0;\n\t}\n}\n");
    assertThat(judge(rule, nft).status()).isEqualTo(Status.PASS);
    nft.with(
        "etc/nftables.conf", "chain input { type filter hook input priority 0; policy drop; }\n");
    assertThat(judge(rule, nft).evidence().getFirst().where()).isEqualTo("/etc/nftables.conf");
    TestGuest iptables =
        started("iptables.service")
            .with(
                "etc/sysconfig/iptables",
                "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j REJECT\nCOMMIT\n");
    assertThat(judge(rule, iptables).status()).isEqualTo(Status.FAIL);
    TestGuest script = guest().with("etc/rc.local", "#!/bin/sh\niptables -P INPUT DROP\n");
    assertThat(judge(rule, script).status()).isEqualTo(Status.UNKNOWN);
    TestGuest included =
        started("nftables.service").with("etc/nftables.conf", "include \"/etc/nft/*\"\n");
    assertThat(judge(rule, included).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void readsTheModeOfSelinux() {
    String rule = "selinux-disabled";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    TestGuest enforcing = guest().with("etc/selinux/config", "SELINUX=enforcing\n");
    assertThat(judge(rule, enforcing).severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    TestGuest permissive = guest().with("etc/selinux/config", "SELINUX=permissive\n");
    assertThat(judge(rule, permissive).severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    assertThat(
            judge(
                    rule,
                    guest().with("etc/selinux/config", "#SELINUX=enforcing\nSELINUX=disabled\n"))
                .status())
        .isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/selinux/config", "SELINUX=what\n")).status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void neverSaysThatAPasswordComplies() {
    String rule = "root-password";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.UNKNOWN);
    assertThat(judge(rule, guest()).message()).contains("cannot be read from a hash");
    assertThat(judge(rule, guest().with("etc/shadow", "root:!:1::::::\n")).message())
        .contains("locked");
    assertThat(judge(rule, guest().with("etc/shadow", "root::1::::::\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("etc/shadow", "root:$6$a$b:0::::::\n")).message())
        .contains("first login");
  }

  @Test
  void findsEmptyPasswords() {
    String rule = "no-empty-passwords";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/shadow", "root:*:1::::::\nweb::1::::::\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().without("etc/passwd")).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void ranksHashSchemes() {
    String rule = "password-hash-scheme";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/shadow", "root:$1$a$b:1::::::\n")).status())
        .isEqualTo(Status.FAIL);
    Outcome yescrypt = judge(rule, guest().with("etc/shadow", "root:$y$a$b:1::::::\n"));
    assertThat(yescrypt.severity(Severity.ERROR)).isEqualTo(Severity.INFO);
    assertThat(judge(rule, guest().without("etc/passwd")).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsAnAccountRoot() {
    String rule = "root-account";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/passwd", "admin:x:0:0::/root:/bin/bash\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, guest().with("etc/passwd", "root:x:0:0::/root:/sbin/nologin\n")).status())
        .isEqualTo(Status.FAIL);
    Outcome two =
        judge(
            rule,
            guest()
                .with("etc/passwd", "root:x:0:0::/root:/bin/bash\nadmin:x:0:0::/root:/bin/bash\n"));
    assertThat(two.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    assertThat(judge(rule, guest().without("etc/passwd")).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void findsWhatPeopleLeft() {
    String rule = "leftover-credentials";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("root/.ssh/authorized_keys", "ssh-ed25519 A\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("home/web/.ssh/id_rsa", "key")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("root/.bash_history", "x".repeat(2000))).status())
        .isEqualTo(Status.FAIL);
  }
}
