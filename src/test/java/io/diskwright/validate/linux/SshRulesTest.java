package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import org.junit.jupiter.api.Test;

/** Whether ssh reaches the guest. */
class SshRulesTest {

  private static TestGuest guest() {
    return TestGuest.debian()
        .with("etc/machine-id", "0123\n")
        .program("usr/sbin/sshd", 62)
        .with(
            "usr/lib/systemd/system/ssh.service",
            "[Service]\nExecStart=/usr/sbin/sshd\n[Install]\n")
        .link(
            "etc/systemd/system/multi-user.target.wants/ssh.service",
            "/lib/systemd/system/ssh.service")
        .with("etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n")
        .with("etc/ssh/ssh_host_ed25519_key", "key")
        .mode("etc/ssh/ssh_host_ed25519_key", 0600);
  }

  private static Outcome judge(String rule, TestGuest guest) {
    return Judge.by("linux.security." + rule).of(guest);
  }

  @Test
  void wantsSshStarted() {
    String rule = "ssh-enabled";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().without("usr/sbin/sshd")).message()).startsWith("No ssh server");
    assertThat(
            judge(rule, guest().without("etc/systemd/system/multi-user.target.wants/ssh.service"))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().link("etc/systemd/system/ssh.service", "/dev/null")).message())
        .contains("masked");
    assertThat(judge(rule, guest().with("etc/ssh/sshd_not_to_be_run", "")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsPort22() {
    String rule = "ssh-port-22";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    TestGuest other = guest().with("etc/ssh/sshd_config.d/port.conf", "Port 2222\n");
    assertThat(judge(rule, other).status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, other).evidence().getFirst().where())
        .isEqualTo("/etc/ssh/sshd_config.d/port.conf:1");
    other.with("etc/ssh/sshd_config.d/second.conf", "Port 22\n");
    assertThat(judge(rule, other).status()).isEqualTo(Status.PASS);
    assertThat(
            judge(rule, guest().with("etc/ssh/sshd_config", "ListenAddress 127.0.0.1\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("etc/ssh/sshd_config", "AddressFamily inet6\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, guest().with("etc/ssh/sshd_config", "Match User a\nPort 2222\n")).status())
        .isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/default/ssh", "SSHD_OPTS=\"-p 2222\"\n")).status())
        .isEqualTo(Status.FAIL);
    TestGuest socket =
        guest()
            .with("usr/lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n[Install]\n")
            .link(
                "etc/systemd/system/sockets.target.wants/ssh.socket",
                "/usr/lib/systemd/system/ssh.socket");
    assertThat(judge(rule, socket).status()).isEqualTo(Status.PASS);
    socket.with(
        "etc/systemd/system/ssh.socket.d/x.conf", "[Socket]\nListenStream=\nListenStream=2222\n");
    assertThat(judge(rule, socket).status()).isEqualTo(Status.FAIL);
    TestGuest unreadable = guest().directory("etc/ssh/sshd_config.d/a.conf");
    assertThat(judge(rule, unreadable).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void tellsWhetherRootMayLogIn() {
    String rule = "ssh-root-login";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().with("etc/ssh/sshd_config", "PermitRootLogin no\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().with("etc/ssh/sshd_config", "# nothing\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, guest().with("etc/ssh/sshd_config", "PermitRootLogin yes\nMatch all\n"))
                .status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsHostKeysOrWhatMakesThem() {
    String rule = "ssh-host-keys";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, guest().mode("etc/ssh/ssh_host_ed25519_key", 0644)).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, guest().mode("etc/ssh/ssh_host_ed25519_key", 0640)).status())
        .isEqualTo(Status.PASS);
    TestGuest none = guest().without("etc/ssh/ssh_host_ed25519_key");
    assertThat(judge(rule, none).status()).isEqualTo(Status.FAIL);
    none.with("usr/lib/systemd/system/sshd-keygen@.service", "[Service]\n");
    assertThat(judge(rule, none).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void readsWhoIsKeptOut() {
    String rule = "tcp-wrappers";
    assertThat(judge(rule, guest()).status()).isEqualTo(Status.PASS);
    TestGuest closed = guest().with("etc/hosts.deny", "ALL: ALL\n");
    assertThat(judge(rule, closed).severity(Severity.ERROR)).isEqualTo(Severity.ERROR);
    assertThat(judge(rule, closed).status()).isEqualTo(Status.FAIL);
    closed.with("etc/hosts.allow", "sshd: 10.0.0.0/8\n");
    assertThat(judge(rule, closed).status()).isEqualTo(Status.UNKNOWN);
  }
}
