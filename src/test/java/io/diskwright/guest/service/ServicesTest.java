package io.diskwright.guest.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.Guest;
import io.diskwright.guest.TestGuest;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.service.Startup.State;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is started at boot, by one small guest for each service manager. */
class ServicesTest {

  private static final String UNIT = "[Service]\n[Install]\nWantedBy=multi-user.target\n";

  private static Startup startup(TestGuest guest, String... names) throws IOException {
    Guest built = guest.build();
    var reader = new GuestReader(built.files().orElseThrow().root());
    return Services.of(reader, built.os().orElseThrow()).startup(names);
  }

  private static TestGuest systemd() {
    return TestGuest.debian()
        .with("etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        .with("usr/lib/systemd/system/ssh.service", UNIT);
  }

  @Test
  void followsTheLinksOfTargets() throws IOException {
    assertThat(startup(systemd(), "ssh").state()).isEqualTo(State.DISABLED);
    assertThat(startup(systemd(), "nothing").state()).isEqualTo(State.ABSENT);
    TestGuest enabled =
        systemd()
            .link(
                "etc/systemd/system/multi-user.target.wants/ssh.service",
                "/lib/systemd/system/ssh.service");
    Startup ssh = startup(enabled, "sshd", "ssh");
    assertThat(ssh.state()).isEqualTo(State.ENABLED);
    assertThat(ssh.name()).isEqualTo("ssh");
    assertThat(ssh.where()).isEqualTo("/etc/systemd/system/multi-user.target.wants/ssh.service");
    enabled.link("etc/systemd/system/sshd.service", "/lib/systemd/system/ssh.service");
    assertThat(startup(enabled, "sshd").isEnabled()).isTrue();
    TestGuest rescue =
        systemd()
            .link(
                "etc/systemd/system/rescue.target.wants/ssh.service",
                "/lib/systemd/system/ssh.service");
    assertThat(startup(rescue, "ssh").isEnabled()).isFalse();
  }

  @Test
  void knowsMasks() throws IOException {
    TestGuest masked =
        systemd()
            .link("etc/systemd/system/ssh.service", "/dev/null")
            .link(
                "etc/systemd/system/multi-user.target.wants/ssh.service",
                "/lib/systemd/system/ssh.service");
    assertThat(startup(masked, "ssh").state()).isEqualTo(State.MASKED);
    assertThat(startup(systemd().with("etc/systemd/system/ssh.service", ""), "ssh").state())
        .isEqualTo(State.MASKED);
  }

  @Test
  void appliesPresetsOnAFirstBoot() throws IOException {
    TestGuest first =
        systemd()
            .with("etc/machine-id", "uninitialized\n")
            .with("usr/lib/systemd/system-preset/90-systemd.preset", "enable ssh.*\ndisable *\n");
    assertThat(startup(first, "ssh").isEnabled()).isTrue();
    assertThat(startup(first, "ssh").derived()).isTrue();
    first.with("etc/systemd/system-preset/10-mine.preset", "disable ssh.service\n");
    assertThat(startup(first, "ssh").isEnabled()).isFalse();
  }

  @Test
  void knowsSocketsAndGenerators() throws IOException {
    TestGuest socket =
        systemd()
            .with("usr/lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n")
            .link(
                "etc/systemd/system/sockets.target.wants/ssh.socket",
                "/usr/lib/systemd/system/ssh.socket");
    assertThat(startup(socket, "ssh", "ssh.socket").name()).isEqualTo("ssh.socket");
    TestGuest cloud = systemd().with("usr/lib/systemd/system-generators/cloud-init-generator", "x");
    assertThat(startup(cloud, "cloud-init").derived()).isTrue();
  }

  @Test
  void followsTheLinksOfTheDefaultRunlevel() throws IOException {
    TestGuest sysv =
        TestGuest.empty()
            .with("etc/redhat-release", "CentOS release 6.10 (Final)\n")
            .with("etc/hosts", "")
            .with("etc/fstab", "")
            .program("bin/bash", 62)
            .with("etc/inittab", "id:3:initdefault:\n")
            .with("etc/rc.d/init.d/sshd", "#!/bin/sh\n")
            .link("etc/rc.d/rc5.d/S55sshd", "../init.d/sshd");
    assertThat(startup(sysv, "sshd").state()).isEqualTo(State.DISABLED);
    sysv.link("etc/rc.d/rc3.d/S55sshd", "../init.d/sshd");
    assertThat(startup(sysv, "sshd").where()).isEqualTo("/etc/rc.d/rc3.d/S55sshd");
    sysv.with("etc/init/ssh.conf", "start on filesystem\n");
    assertThat(startup(sysv, "ssh").isEnabled()).isTrue();
    sysv.with("etc/init/ssh.override", "manual\n");
    assertThat(startup(sysv, "ssh").isEnabled()).isFalse();
  }

  @Test
  void readsTheVariablesOfFreeBsd() throws IOException {
    TestGuest bsd =
        TestGuest.empty()
            .with("etc/freebsd-update.conf", "")
            .with("etc/fstab", "")
            .with("bin/freebsd-version", "USERLAND_VERSION=\"13.2-RELEASE\"\n")
            .with("etc/defaults/rc.conf", "sshd_enable=\"NO\"\n")
            .with("etc/rc.conf", "sshd_enable=\"YES\" # yes\n");
    assertThat(startup(bsd, "sshd").isEnabled()).isTrue();
    assertThat(startup(bsd, "sshd").where()).isEqualTo("/etc/rc.conf");
    assertThat(startup(bsd.with("etc/rc.conf.local", "sshd_enable=NO\n"), "sshd").isEnabled())
        .isFalse();
  }
}
