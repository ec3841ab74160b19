package io.diskwright.guest.os;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Tells which operating system lies under a root directory. Takes few and small reads; nothing is
 * walked. What in the guest is damaged becomes an {@link Unknown}; only an environment that fails
 * throws.
 */
public final class Identification {

  private Identification() {}

  /**
   * Which family of systems this is the root of, if it is one.
   *
   * @param root whose file system resolves links inside the guest
   */
  public static Optional<OsFamily> recognise(Path root) throws IOException {
    var reader = new GuestReader(root);
    if (reader.isDirectory("etc")) {
      if (reader.isFile("etc/freebsd-update.conf") && reader.isDirectory("bin")) {
        return Optional.of(OsFamily.FREEBSD);
      }
      if (isLinux(reader)) {
        return Optional.of(OsFamily.LINUX);
      }
    }
    return WindowsRoot.find(reader).map(found -> OsFamily.WINDOWS);
  }

  private static boolean isLinux(GuestReader reader) throws IOException {
    if (reader.isFile("etc/coreos/update.conf")) {
      return true;
    }
    Optional<String> link = reader.link("bin");
    boolean programs =
        link.isPresent()
            ? List.of("usr/bin", "/usr/bin").contains(link.get())
            : reader.isDirectory("bin");
    return programs && (reader.isFile("etc/fstab") || reader.isFile("etc/hosts"));
  }

  /**
   * Identifies the system under a root.
   *
   * @param root whose file system resolves links inside the guest
   * @param family what {@link #recognise} said
   */
  public static OperatingSystem identify(Path root, OsFamily family) throws IOException {
    var reader = new GuestReader(root);
    return switch (family) {
      case LINUX -> LinuxIdentity.of(reader);
      case FREEBSD -> FreeBsdIdentity.of(reader);
      case WINDOWS -> windows(reader);
    };
  }

  private static OperatingSystem windows(GuestReader reader) throws IOException {
    String systemRoot = WindowsRoot.find(reader).orElse("Windows");
    try (HiveFile software = HiveFile.open(reader, systemRoot, "SOFTWARE");
        HiveFile system = HiveFile.open(reader, systemRoot, "SYSTEM")) {
      return WindowsIdentity.of(reader, systemRoot, software, system);
    }
  }
}
