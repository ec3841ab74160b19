package io.diskwright.guest.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeBsdIdentityTest {

  @TempDir Path folder;
  private GuestFolder guest;

  @BeforeEach
  void makeRoot() throws IOException {
    guest =
        new GuestFolder(folder)
            .file("etc/freebsd-update.conf", "")
            .program("bin/sh", 64, false, 62);
  }

  @Test
  void readsTheVersionOfTheUserland() throws IOException {
    guest.file("bin/freebsd-version", "#!/bin/sh\n\nUSERLAND_VERSION=\"13.2-RELEASE-p4\"\n");
    OperatingSystem os = guest.identify();
    assertEquals(OsFamily.FREEBSD, os.family());
    assertEquals(Optional.of("13.2"), os.version());
    assertEquals(Optional.of(InitSystem.RC), os.init());
    assertEquals("FreeBSD 13.2-RELEASE-p4, x86_64, rc", os.summary());
    assertEquals(List.of(), os.unknowns());
  }

  @Test
  void findsTheVersionInTheKernelWhereverItLies() throws IOException {
    byte[] kernel = new byte[5 << 20];
    Arrays.fill(kernel, (byte) 'x');
    byte[] mark = "@(#)FreeBSD 9.3-RELEASE #0 r268512: Thu\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(mark, 0, kernel, (2 << 20) - 90, mark.length);
    guest.file("boot/kernel/kernel", kernel);
    assertEquals(Optional.of("FreeBSD 9.3-RELEASE"), guest.identify().name());
  }

  @Test
  void readsTheMessageOfTheDayAtLast() throws IOException {
    guest.file("etc/motd", "FreeBSD 8.4-RELEASE (GENERIC) #0 r251259: Sun Jun  2\n");
    assertEquals(Optional.of("8.4"), guest.identify().version());
    Files.delete(folder.resolve("etc/motd"));
    OperatingSystem os = guest.identify();
    assertEquals(Optional.empty(), os.version());
    assertEquals("version", os.unknowns().getFirst().what());
  }
}
