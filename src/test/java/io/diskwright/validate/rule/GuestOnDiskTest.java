package io.diskwright.validate.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.RoomyFilesystem;
import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Status;
import io.diskwright.validate.linux.BootedGuest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules about the disk that only the guest's files decide. */
class GuestOnDiskTest {

  private static TestImage linux() {
    return TestImage.of(Disks.grub2(Disks.linux(), 1));
  }

  private static TestImage withEsp() {
    return TestImage.of(Disks.ext4(Disks.two(0xEF, 0x83), 3 * Disks.MIB, 5 * Disks.MIB));
  }

  @Test
  void acceptsASingleRoot() {
    var rule = Judge.by("partition.single-root");
    assertThat(rule.of(TestGuest.debian(), linux()).status()).isEqualTo(Status.PASS);
    assertThat(rule.of(TestGuest.empty(), linux()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsWhatTheSystemMountsOnTheSameDisk() {
    var rule = Judge.by("partition.boot-on-same-disk");
    assertThat(rule.of(TestGuest.debian()).status()).isEqualTo(Status.PASS);
    String root = "UUID=" + TestGuest.ROOT_UUID + " / ext4 defaults 0 1\n";
    TestGuest other =
        TestGuest.debian().with("etc/fstab", root + "UUID=dead /var ext4 defaults 0 2\n");
    assertThat(rule.of(other).status()).isEqualTo(Status.FAIL);
    TestGuest optional =
        TestGuest.debian().with("etc/fstab", root + "UUID=dead /srv/x ext4 nofail 0 2\n");
    assertThat(rule.of(optional).status()).isEqualTo(Status.PASS);
  }

  @Test
  void looksForALoaderOnTheEfiPartition() {
    var fallback = Judge.by("partition.esp-fallback").in("aws");
    var mode = Judge.by("partition.boot-mode");
    TestGuest started = TestGuest.debian().esp(Map.of("EFI/Boot/BootX64.efi", "MZ loader"));
    assertThat(fallback.of(started, withEsp()).status()).isEqualTo(Status.PASS);
    assertThat(mode.in("aws").of(started, withEsp()).message()).contains("by UEFI only");
    assertThat(mode.of(started, withEsp()).status()).isEqualTo(Status.FAIL);
    TestGuest vendor = TestGuest.debian().esp(Map.of("EFI/debian/grubx64.efi", "MZ loader"));
    assertThat(fallback.of(vendor, withEsp()).status()).isEqualTo(Status.FAIL);
    TestGuest text = TestGuest.debian().esp(Map.of("EFI/BOOT/BOOTX64.EFI", "no program"));
    assertThat(fallback.of(text, withEsp()).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void callsAListedSystemThatCompliesStandard() {
    String md5 = "9a0364b9e99bb480dd25e1f0284c8555";
    TestGuest debian7 =
        BootedGuest.debian()
            .with("etc/os-release", "ID=debian\nVERSION_ID=\"7\"\nPRETTY_NAME=\"Debian 7\"\n")
            .with("etc/debian_version", "7.11\n")
            .with("etc/issue", "Debian GNU/Linux 7 \\n \\l\n")
            .with("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n")
            .with("etc/shadow", "root:*:19000::::::\n")
            .mode("etc/shadow", 0640)
            .link("usr/bin/sh", "bash")
            .program("usr/bin/mount", 62)
            .program("usr/sbin/modprobe", 62)
            .with("usr/sbin/fsck", "content")
            .mode("usr/sbin/fsck", 0755)
            .with("var/lib/dpkg/status", "Package: mount\nStatus: install ok installed\n\n")
            .with("var/lib/dpkg/info/mount.md5sums", md5 + "  usr/sbin/fsck\n")
            .facts(RoomyFilesystem.ext4());
    var rule = Judge.by("linux.config.os-standard");
    debian7.with("usr/sbin/fsck", "content").mode("usr/sbin/fsck", 0755);
    Outcome outcome = rule.of(debian7, linux());
    assertThat(outcome.message()).contains("linux.config.critical-files");
    debian7
        .program("usr/sbin/fsck", 62)
        .with("usr/bin/which", "content")
        .with("var/lib/dpkg/info/mount.md5sums", md5 + "  usr/bin/which\n");
    assertThat(rule.of(debian7, linux()).message())
        .isEqualTo("The image is standard: import it as Debian.");
    debian7.with("etc/selinux/config", "SELINUX=enforcing\n");
    assertThat(rule.of(debian7, linux()).message()).contains("linux.security.selinux-disabled");
  }
}
