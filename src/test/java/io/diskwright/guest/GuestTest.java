package io.diskwright.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.guest.os.Unknown;
import io.diskwright.volume.PartitionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Roots, mounts and the merged view, over volumes in memory. */
class GuestTest {

  private static final Map<String, String> DEBIAN =
      Map.of(
          "bin", "->usr/bin",
          "usr/bin/sh", "",
          "usr/lib/os-release", "ID=debian\nVERSION_ID=12\n",
          "etc/os-release", "->/usr/lib/os-release",
          "etc/fstab", "UUID=AA / ext4 defaults 0 1\nLABEL=boot /boot ext4 defaults 0 2\n",
          "boot/", "");

  private static Guest guest(MemoryGuest memory) {
    var table =
        new PartitionTable(
            PartitionTable.Kind.GPT,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            false);
    return Guest.of(table, memory.volumes());
  }

  @Test
  void mountsWhatTheRootSaysAndIdentifiesIt() throws IOException {
    Guest guest =
        guest(
            new MemoryGuest()
                .partition("ext4", "boot", "bb", Map.of("vmlinuz-6.1.0", "", "grub/x", ""))
                .partition("ext4", "", "aa", DEBIAN));
    assertEquals("partition 2", guest.roots().getFirst().volume().name());
    assertEquals(
        List.of("/ partition 2 true ", "/boot partition 1 true "),
        guest.mounts().mounts().stream().map(GuestTest::shown).toList());
    assertTrue(Files.exists(guest.files().orElseThrow().getPath("/boot/vmlinuz-6.1.0")));
    OperatingSystem os = guest.os().orElseThrow();
    assertEquals(Optional.of("debian"), os.distribution());
    assertEquals("/boot/vmlinuz-6.1.0", os.defaultKernel().orElseThrow().image().orElseThrow());
  }

  private static String shown(Mount mount) {
    return mount.entry().file()
        + mount.volume().map(v -> " " + v.name()).orElse("")
        + " "
        + mount.shown()
        + " "
        + mount.reason();
  }

  @Test
  void saysWhyAMountIsNotShown() throws IOException {
    Map<String, String> files =
        Map.of(
            "bin/sh",
            "",
            "etc/fstab",
            """
            /dev/sda1 / ext4 defaults 0 1
            UUID=cc /boot xfs defaults 0 0
            UUID=dd /var xfs defaults 0 0
            LABEL=data /data btrfs defaults 0 0
            /dev/vda1 /again ext4 bind 0 0
            /dev/vda1 /again ext4 defaults 0 0
            LABEL=twice /twice ext4 defaults 0 0
            /dev/sdb1 /b ext4 defaults 0 0
            tmpfs /tmp tmpfs defaults 0 0
            /dev/sr0 /cd auto noauto 0 0
            /dev/cd0 /media/x cd9660 ro 0 0
            proc /proc proc defaults 0 0
            PARTUUID=AA-05 none swap sw 0 0
            broken
            """);
    Guest guest =
        guest(
            new MemoryGuest()
                .partition("ext4", "", "aa", files)
                .partition("xfs", "twice", "cc", Map.of())
                .unread("btrfs", "data", "ee")
                .partition("ext4", "twice", "ff", Map.of())
                .unread("swap", "", ""));
    assertEquals(
        List.of(
            "/ partition 1 true ",
            "/boot partition 2 false no such directory",
            "/var false no volume of this disk has it",
            "/data partition 3 false btrfs is not read",
            "/again false a directory of the same system",
            "/again partition 1 false mounted at /",
            "/twice false 2 volumes of this disk have that name",
            "/b false a device that is not known to be on this disk",
            "/tmp false not a device",
            "/cd false a removable medium",
            "/media/x false a removable medium",
            "/proc false a mount point that says nothing of the disk",
            "none partition 5 false swap space"),
        guest.mounts().mounts().stream().map(GuestTest::shown).toList());
    assertEquals(List.of("line 14: not an entry: 'broken'"), guest.mounts().problems());
    assertTrue(guest.unknowns().contains(new Unknown("partition 3", "btrfs is not read")));
    assertTrue(guest.unknowns().contains(new Unknown("mount /boot", "UUID=cc: no such directory")));
  }

  @Test
  void takesOuterMountsFirst() throws IOException {
    Map<String, String> files =
        Map.of(
            "bin/sh", "",
            "etc/fstab",
                "LABEL=ESP /boot/efi vfat x 0 0\nLABEL=boot /boot ext4 x 0 0\nLABEL=r / ext4\n",
            "boot/", "");
    Guest guest =
        guest(
            new MemoryGuest()
                .partition("vfat", "ESP", "1", Map.of("EFI/BOOT/x", "efi"))
                .partition("ext4", "boot", "2", Map.of("efi/", ""))
                .partition("ext4", "r", "3", files));
    Path file = guest.files().orElseThrow().getPath("/boot/efi/EFI/BOOT/x");
    assertEquals("efi", Files.readString(file));
  }

  @Test
  void learnsFromTheRootHowTheGuestCallsItsDisk() throws IOException {
    Map<String, String> files =
        Map.of(
            "bin/sh",
            "",
            "etc/fstab",
            "/dev/xvde2 / ext3\n/dev/xvde1 /boot ext3\n/dev/xvdf1 /b ext3\n",
            "boot/",
            "",
            "b/",
            "");
    Guest guest =
        guest(
            new MemoryGuest()
                .partition("ext3", "", "1", Map.of())
                .partition("ext3", "", "2", files));
    assertEquals(
        List.of(
            "/ partition 2 true ",
            "/boot partition 1 true ",
            "/b false a device that is not known to be on this disk"),
        guest.mounts().mounts().stream().map(GuestTest::shown).toList());
  }

  @Test
  void putsRootsThatAreCopiesLast() throws IOException {
    Guest guest =
        guest(
            new MemoryGuest()
                .partition("ext4", "", "bb", DEBIAN)
                .partition("ntfs", "", "cc", Map.of("windows/SYSTEM32/Config/system", ""))
                .partition("ext4", "", "aa", DEBIAN));
    assertEquals(
        List.of("partition 2 WINDOWS", "partition 3 LINUX", "partition 1 LINUX"),
        guest.roots().stream().map(r -> r.volume().name() + " " + r.family()).toList());
    assertEquals(OsFamily.WINDOWS, guest.os().orElseThrow().family());
    assertEquals(MountTable.EMPTY, guest.mounts());
  }

  @Test
  void showsTheOnlyFilesystemWhenThereIsNoRoot() throws IOException {
    Guest one =
        guest(
            new MemoryGuest()
                .partition("ext4", "", "", Map.of("x", "y"))
                .unread("zfs_member", "", ""));
    assertEquals(Optional.empty(), one.os());
    assertEquals("y", Files.readString(one.files().orElseThrow().getPath("/x")));
    assertEquals(List.of(new Unknown("partition 2", "zfs_member is not read")), one.unknowns());
    Guest two =
        guest(
            new MemoryGuest()
                .partition("ext4", "", "", Map.of())
                .partition("ext4", "", "", Map.of()));
    assertFalse(two.files().isPresent());
  }

  @Test
  void putsCoreOsTogether() throws IOException {
    String coreOsUsr = "5DFBF5F4-2848-4BAC-AA5E-0D9A20B745A6";
    Map<String, String> usr =
        Map.of("lib/os-release", "ID=flatcar\nVERSION_ID=3815.2.0\n", "share/flatcar/x", "");
    Guest guest =
        guest(
            new MemoryGuest()
                .add("ext4", "", "1", Optional.of(MemoryGuest.tree(usr)), coreOsUsr)
                .partition("ext4", "ROOT", "2", Map.of("usr/", "", "etc/", "")));
    assertEquals("partition 2", guest.roots().getFirst().volume().name());
    assertEquals(Optional.of("flatcar"), guest.os().orElseThrow().distribution());
    assertEquals(
        List.of("/usr partition 1 true "),
        guest.mounts().mounts().stream().map(GuestTest::shown).toList());
    Guest empty =
        guest(
            new MemoryGuest().add("ext4", "", "1", Optional.of(MemoryGuest.tree(usr)), coreOsUsr));
    assertEquals(Optional.of("3815.2.0"), empty.os().orElseThrow().version());
  }

  @Test
  void findsTheDeploymentOfOsTreeThatStarts() throws IOException {
    Map<String, String> root = new HashMap<>();
    for (String deployment : List.of("aaa.0", "bbb.0")) {
      String path = "ostree/deploy/fedora-coreos/deploy/" + deployment;
      root.put(path + "/etc/os-release", "->../usr/lib/os-release");
      root.put(path + "/usr/lib/modules/6.8.5-301.fc40.x86_64/vmlinuz", "");
      root.put(path + "/boot/", "");
      root.put(
          path + "/usr/lib/os-release",
          "ID=fedora\nVARIANT_ID=coreos\nVERSION_ID=" + (deployment.startsWith("a") ? 39 : 40));
    }
    root.put("ostree/boot.1", "->boot.1.1");
    root.put(
        "ostree/boot.1.1/fedora-coreos/hash/0", "->../../../deploy/fedora-coreos/deploy/bbb.0");
    Map<String, String> boot =
        Map.of(
            "loader/entries/ostree-1.conf",
            "version 1\nlinux /ostree/x/vmlinuz-5.0\noptions ostree=/ostree/boot.1/x/hash/0\n",
            "loader/entries/ostree-2.conf",
            """
            version 2
            linux /ostree/fedora-coreos-hash/vmlinuz-6.8.5-301.fc40.x86_64
            options rw ostree=/ostree/boot.1/fedora-coreos/hash/0 ignition.platform.id=qemu
            """);
    Guest guest =
        guest(
            new MemoryGuest()
                .partition("ext4", "boot", "1", boot)
                .partition("xfs", "root", "2", root));
    assertEquals(
        List.of(
            "/ostree/deploy/fedora-coreos/deploy/bbb.0",
            "/ostree/deploy/fedora-coreos/deploy/aaa.0"),
        guest.roots().stream().map(GuestRoot::directory).toList());
    OperatingSystem os = guest.os().orElseThrow();
    assertEquals(Optional.of("fedora-coreos"), os.distribution());
    assertEquals(Optional.of("40"), os.version());
    assertEquals("6.8.5-301.fc40.x86_64", os.defaultKernel().orElseThrow().version());
    assertEquals("/boot/loader/entries/ostree-2.conf", evidence(os, "default kernel"));
  }

  private static String evidence(OperatingSystem os, String fact) {
    return os.evidence().stream()
        .filter(e -> e.fact().equals(fact))
        .findFirst()
        .orElseThrow()
        .source();
  }

  @Test
  void isNotCaughtByLinks() throws IOException {
    Guest guest =
        guest(
            new MemoryGuest()
                .partition(
                    "ext4",
                    "",
                    "",
                    Map.of(
                        "bin",
                        "->usr/bin",
                        "etc/hosts",
                        "",
                        "etc/os-release",
                        "->os-release",
                        "etc/fstab",
                        "->/etc/../../../../etc/mtab",
                        "etc/mtab",
                        "LABEL=x / ext4\n",
                        "sbin/init",
                        "->/../../init",
                        "init",
                        "->sbin/init")));
    OperatingSystem os = guest.os().orElseThrow();
    assertEquals("LABEL=x", guest.mounts().mounts().getFirst().entry().spec());
    assertTrue(os.unknowns().stream().anyMatch(u -> u.what().equals("/etc/os-release")));
    assertTrue(os.unknowns().stream().anyMatch(u -> u.what().equals("/sbin/init")));
  }
}
