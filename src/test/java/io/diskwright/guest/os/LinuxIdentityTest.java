package io.diskwright.guest.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Architecture, kernels, the default kernel and init. */
class LinuxIdentityTest {

  @TempDir Path folder;
  private GuestFolder guest;

  @BeforeEach
  void makeRoot() throws IOException {
    guest = new GuestFolder(folder).file("etc/hosts", "").program("bin/bash", 64, false, 62);
    guest.link("bin/sh", "bash");
  }

  @Test
  void identifiesADebian() throws IOException {
    guest
        .file("etc/os-release", "ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n")
        .file("etc/debian_version", "12.5\n")
        .bzImage("boot/vmlinuz-6.1.0-18-amd64", "6.1.0-18-amd64 (debian-kernel@x) #1", true)
        .directory("lib/modules/6.1.0-18-amd64")
        .file("lib/systemd/systemd", "")
        .link("sbin/init", "../lib/systemd/systemd");
    OperatingSystem os = guest.identify();
    assertEquals(OsFamily.LINUX, os.family());
    assertEquals(Optional.of("debian"), os.distribution());
    assertEquals(Optional.of("12.5"), os.version());
    assertEquals(12, os.major().orElseThrow());
    assertEquals(5, os.minor().orElseThrow());
    var kernel =
        new Kernel(
            "6.1.0-18-amd64",
            Optional.of("/boot/vmlinuz-6.1.0-18-amd64"),
            Optional.of("/lib/modules/6.1.0-18-amd64"),
            Optional.of(Architecture.X86_64));
    assertEquals(List.of(kernel), os.kernels());
    assertEquals(Optional.of(kernel), os.defaultKernel());
    assertEquals(List.of(), os.unknowns());
    assertEquals("Debian GNU/Linux 12 12.5, x86_64, kernel 6.1.0-18-amd64, systemd", os.summary());
  }

  @Test
  void saysWhatItCannotTell() throws IOException {
    new GuestFolder(folder).file("bin/bash", "#!/bin/false");
    OperatingSystem os = guest.identify();
    assertEquals(
        List.of("distribution", "architecture", "kernels", "init"),
        os.unknowns().stream().map(Unknown::what).toList());
    assertEquals("unknown linux", os.summary());
  }

  @Test
  void tellsProcessorsApart() throws IOException {
    assertEquals(Optional.of(Architecture.I386), architecture(32, false, 3));
    assertEquals(Optional.of(Architecture.AARCH64), architecture(64, false, 183));
    assertEquals(Optional.of(Architecture.PPC64), architecture(64, true, 21));
    assertEquals(Optional.of(Architecture.PPC64LE), architecture(64, false, 21));
    assertEquals(Optional.of(Architecture.S390X), architecture(64, true, 22));
    assertEquals(Optional.of(Architecture.RISCV64), architecture(64, false, 243));
    assertEquals(Optional.empty(), architecture(64, false, 999));
  }

  private Optional<Architecture> architecture(int bits, boolean big, int machine)
      throws IOException {
    guest.program("bin/bash", bits, big, machine);
    return guest.identify().architecture();
  }

  @Test
  void takesTheKernelThatGrub2Names() throws IOException {
    twoKernels();
    guest.file(
        "boot/grub/grub.cfg",
        """
        if [ "${next_entry}" ] ; then
           set default="${next_entry}"
        else
           set default="1>Old, really"
        fi
        function savedefault {
          save_env saved_entry
        }
        menuentry 'Debian' --class debian $menuentry_id_option 'simple' {
        	linux	/boot/vmlinuz-5.10.0-9-amd64 root=UUID=x ro
        }
        submenu 'Advanced' $menuentry_id_option 'advanced' {
        	menuentry 'New' $menuentry_id_option 'new' {
        		linux	/vmlinuz-5.10.0-10-amd64 root=UUID=x ro
        	}
        	menuentry "Old, really" $menuentry_id_option 'old' {
        		echo	'Loading ...'
        		linux	/vmlinuz-5.10.0-9-amd64 root=UUID=x ro
        	}
        }
        """);
    assertDefault("5.10.0-9-amd64", "/boot/grub/grub.cfg");
  }

  @Test
  void takesTheEntryThatWasSaved() throws IOException {
    twoKernels();
    guest
        .file(
            "boot/grub2/grub.cfg",
            """
            set default="${saved_entry}"
            menuentry 'CentOS (10)' --unrestricted {
            	linux16 /vmlinuz-5.10.0-10-amd64 root=x
            }
            menuentry 'CentOS > (9)' --unrestricted {
            	linux16 /vmlinuz-5.10.0-9-amd64 root=x
            }
            """)
        .file("boot/grub2/grubenv", "# GRUB Environment Block\nsaved_entry=CentOS > (9)\n####");
    assertDefault("5.10.0-9-amd64", "/boot/grub2/grub.cfg");
  }

  @Test
  void takesTheEntryOfTheBootLoaderSpecification() throws IOException {
    twoKernels();
    guest
        .file("boot/grub2/grub.cfg", "set default=\"${saved_entry}\"\ninsmod blscfg\nblscfg\n")
        .file("boot/grub2/grubenv", "saved_entry=abc-5.10.0-9\n")
        .file(
            "boot/loader/entries/abc-0-rescue.conf",
            "version 0-rescue-abc\nlinux /vmlinuz-0-rescue\n")
        .file("boot/loader/entries/abc-5.10.0-9.conf", "title Old\nlinux /vmlinuz-5.10.0-9-amd64\n")
        .file(
            "boot/loader/entries/abc-5.10.0-10.conf",
            "version 5.10.0-10\nlinux /vmlinuz-5.10.0-10-amd64\n");
    assertDefault("5.10.0-9-amd64", "/boot/loader/entries/abc-5.10.0-9.conf");
    guest.file("boot/grub2/grubenv", "saved_entry=1\n");
    assertDefault("5.10.0-9-amd64", "/boot/loader/entries/abc-5.10.0-9.conf");
    guest.file("boot/grub2/grubenv", "saved_entry=gone\n");
    assertDefault("5.10.0-10-amd64", "/boot/loader/entries/abc-5.10.0-10.conf");
  }

  @Test
  void findsGrubBesideItsProgramUnderUefi() throws IOException {
    twoKernels();
    guest
        .file("boot/efi/EFI/BOOT/BOOTX64.EFI", "")
        .file(
            "boot/efi/EFI/centos/grub.cfg",
            "set default=\"${saved_entry}\"\n"
                + "menuentry 'a' {\nlinuxefi /vmlinuz-5.10.0-10-amd64\n}\n"
                + "menuentry 'b' {\nlinuxefi /vmlinuz-5.10.0-9-amd64\n}\n")
        .file("boot/efi/EFI/centos/grubenv", "saved_entry=1\n");
    assertDefault("5.10.0-9-amd64", "/boot/efi/EFI/centos/grub.cfg");
  }

  @Test
  void takesTheEntryThatGrubLegacyNames() throws IOException {
    twoKernels();
    guest.file(
        "boot/grub/grub.conf",
        """
        default=1
        timeout=5
        splashimage=(hd0,0)/grub/splash.xpm.gz
        title CentOS (10)
        	root (hd0,0)
        	kernel /vmlinuz-5.10.0-10-amd64 ro root=/dev/x
        title CentOS (9)
        	kernel /xen.gz-3.4
        	module /vmlinuz-5.10.0-9-amd64 ro root=/dev/x
        """);
    assertDefault("5.10.0-9-amd64", "/boot/grub/grub.conf");
  }

  @Test
  void takesTheNewestWhenTheBootLoaderNamesNone() throws IOException {
    twoKernels();
    assertDefault("5.10.0-10-amd64", "/boot/vmlinuz-5.10.0-10-amd64");
    guest.file("boot/grub/grub.cfg", "menuentry x {\n linux /vmlinuz-gone\n}\n");
    OperatingSystem os = guest.identify();
    assertEquals("5.10.0-10-amd64", os.defaultKernel().orElseThrow().version());
    assertTrue(
        os.unknowns()
            .contains(
                new Unknown(
                    "default kernel", "/boot/grub/grub.cfg: entry 0 starts /vmlinuz-gone")));
  }

  private void twoKernels() throws IOException {
    guest
        .bzImage("boot/vmlinuz-5.10.0-9-amd64", "5.10.0-9-amd64 (x) #1", true)
        .bzImage("boot/vmlinuz-5.10.0-10-amd64", "5.10.0-10-amd64 (x) #1", true);
  }

  private void assertDefault(String version, String source) throws IOException {
    OperatingSystem os = guest.identify();
    assertEquals(version, os.defaultKernel().orElseThrow().version());
    assertEquals(
        source,
        os.evidence().stream()
            .filter(e -> e.fact().equals("default kernel"))
            .findFirst()
            .orElseThrow()
            .source());
  }

  @Test
  void believesTheImageMoreThanItsName() throws IOException {
    guest
        .bzImage("boot/vmlinuz-linux", "6.6.1-arch1-1 (linux@archlinux) #1", true)
        .file("boot/vmlinuz-0-rescue-abc", "")
        .file("boot/vmlinuz-2.6.18-398.el5", "short")
        .directory("usr/lib/modules/6.6.1-arch1-1")
        .directory("usr/lib/modules/extramodules-6.6")
        .directory("usr/lib/modules/6.5.0.i686");
    assertEquals(
        List.of(
            new Kernel(
                "6.6.1-arch1-1",
                Optional.of("/boot/vmlinuz-linux"),
                Optional.of("/usr/lib/modules/6.6.1-arch1-1"),
                Optional.of(Architecture.X86_64)),
            new Kernel(
                "6.5.0.i686",
                Optional.empty(),
                Optional.of("/usr/lib/modules/6.5.0.i686"),
                Optional.of(Architecture.I386)),
            new Kernel(
                "2.6.18-398.el5",
                Optional.of("/boot/vmlinuz-2.6.18-398.el5"),
                Optional.empty(),
                Optional.empty())),
        guest.identify().kernels());
  }

  @Test
  void tellsInitSystemsApart() throws IOException {
    guest.file("sbin/init", "").file("etc/inittab", "");
    assertEquals(Optional.of(InitSystem.SYSV), guest.identify().init());
    guest.file("sbin/initctl", "");
    assertEquals(Optional.of(InitSystem.UPSTART), guest.identify().init());
    guest.file("sbin/openrc", "");
    assertEquals(Optional.of(InitSystem.OPENRC), guest.identify().init());
  }

  @Test
  void knowsBusyBoxAndALostInit() throws IOException {
    guest.link("sbin/init", "../bin/busybox");
    assertEquals(Optional.empty(), guest.identify().init());
    guest.file("bin/busybox", "");
    assertEquals(Optional.of(InitSystem.BUSYBOX), guest.identify().init());
  }

  @Test
  void ordersVersionsAsPeopleDo() {
    List<String> sorted =
        List.of(
            "2.6.18-8.el5",
            "2.6.18-398.el5",
            "4.9.0-3-amd64",
            "4.9.0-19-amd64",
            "4.10.1",
            "5.0~rc1",
            "5.0",
            "5.0.1");
    for (int i = 0; i < sorted.size(); i++) {
      for (int j = 0; j < sorted.size(); j++) {
        assertEquals(
            Integer.signum(Integer.compare(i, j)),
            Integer.signum(VersionOrder.INSTANCE.compare(sorted.get(i), sorted.get(j))),
            sorted.get(i) + " and " + sorted.get(j));
      }
    }
  }

  @Test
  void isNotStoppedByBootMenusWithoutEnd() throws IOException {
    twoKernels();
    guest.file(
        "boot/grub/grub.cfg",
        "linux" + " --a".repeat(200_000) + "\n" + "menuentry 'x' {\n".repeat(100_000));
    assertEquals("5.10.0-10-amd64", guest.identify().defaultKernel().orElseThrow().version());
  }
}
