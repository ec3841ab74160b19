package io.diskwright.guest.os;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds what a Linux guest runs as its first process. */
final class InitFinder {

  private static final String FACT = "init";

  private static final List<String> SYSTEMD =
      List.of("usr/lib/systemd/systemd", "lib/systemd/systemd");
  private static final List<String> UPSTART = List.of("sbin/initctl", "etc/init/rc.conf");
  private static final List<String> OPENRC =
      List.of("sbin/openrc", "usr/bin/openrc", "usr/sbin/openrc");

  private final GuestReader reader;

  InitFinder(GuestReader reader) {
    this.reader = reader;
  }

  Optional<InitSystem> find() throws IOException {
    Optional<String> init = reader.real("sbin/init");
    if (init.isEmpty()) {
      Optional<String> link = reader.link("sbin/init");
      if (link.isPresent()) {
        reader.unknown(FACT, "/sbin/init leads to " + link.get() + ", which is not there");
      }
      return firstOf(SYSTEMD, InitSystem.SYSTEMD);
    }
    String path = init.get();
    if (path.endsWith("/systemd")) {
      return found(path, InitSystem.SYSTEMD);
    }
    Optional<InitSystem> openrc = firstOf(OPENRC, InitSystem.OPENRC);
    if (openrc.isPresent()) {
      return openrc;
    }
    if (path.endsWith("/busybox") || path.endsWith("/bbinit")) {
      return found(path, InitSystem.BUSYBOX);
    }
    Optional<InitSystem> upstart = firstOf(UPSTART, InitSystem.UPSTART);
    if (upstart.isPresent()) {
      return upstart;
    }
    return firstOf(List.of("etc/inittab"), InitSystem.SYSV);
  }

  private Optional<InitSystem> firstOf(List<String> paths, InitSystem system) throws IOException {
    for (String path : paths) {
      if (reader.isFile(path)) {
        return found(path, system);
      }
    }
    return Optional.empty();
  }

  private Optional<InitSystem> found(String path, InitSystem system) {
    reader.found(FACT, path, system.id());
    return Optional.of(system);
  }
}
