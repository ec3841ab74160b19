package io.diskwright.guest.service;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OperatingSystem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Which services a guest starts at boot, told without running anything. For one thread. */
public final class Services {

  private static final List<String> UNITS =
      List.of("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system");
  private static final List<String> WANTS =
      List.of("multi-user.target.wants", "sockets.target.wants", "sysinit.target.wants");

  private final GuestReader reader;

  private Services(GuestReader reader) {
    this.reader = reader;
  }

  /** The services of a guest. */
  public static Services of(GuestReader reader, OperatingSystem os) {
    return new Services(reader);
  }

  /**
   * Whether a service is started at boot.
   *
   * @param names it is known by, without {@code .service}; other kinds of unit with their suffix:
   *     {@code ssh.socket}. The first that is started counts, else the first that is there
   */
  public Startup startup(String... names) throws IOException {
    for (String name : names) {
      String unit = name.contains(".") ? name : name + ".service";
      for (String directory : UNITS) {
        for (String wants : WANTS) {
          String path = directory + "/" + wants + "/" + unit;
          if (reader.link(path).isPresent()) {
            return new Startup(Startup.State.ENABLED, name, path, false);
          }
        }
      }
    }
    Optional<String> there = Optional.empty();
    for (String name : names) {
      String unit = name.contains(".") ? name : name + ".service";
      for (String directory : UNITS) {
        if (there.isEmpty() && reader.exists(directory + "/" + unit)) {
          there = Optional.of(directory + "/" + unit);
        }
      }
    }
    return there
        .map(path -> new Startup(Startup.State.DISABLED, names[0], path, false))
        .orElseGet(() -> new Startup(Startup.State.ABSENT, names[0], "", false));
  }
}
