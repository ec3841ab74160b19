package io.diskwright.guest.service;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.InitSystem;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.guest.service.Startup.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which services a guest starts at boot, told without running anything. For one thread. */
public final class Services {

  private final List<ServiceManager> managers;

  private Services(List<ServiceManager> managers) {
    this.managers = List.copyOf(managers);
  }

  /** The services of a guest. */
  public static Services of(GuestReader reader, OperatingSystem os) throws IOException {
    if (os.family() == OsFamily.FREEBSD) {
      return new Services(List.of(new RcConf(reader)));
    }
    List<ServiceManager> managers = new ArrayList<>();
    boolean systemd =
        os.init().equals(Optional.of(InitSystem.SYSTEMD))
            || reader.isDirectory("usr/lib/systemd/system")
            || reader.isDirectory("lib/systemd/system");
    if (systemd) {
      managers.add(new SystemdUnits(reader));
    } else if (reader.isDirectory("etc/init")) {
      managers.add(new UpstartJobs(reader));
    }
    managers.add(new SysvScripts(reader));
    return new Services(managers);
  }

  /**
   * Whether a service is started at boot.
   *
   * @param names it is known by, without {@code .service}; other kinds of unit with their suffix:
   *     {@code ssh.socket}. The first that is started counts, else the first that is there
   */
  public Startup startup(String... names) throws IOException {
    Optional<Startup> there = Optional.empty();
    for (ServiceManager manager : managers) {
      for (String name : names) {
        Optional<Startup> found = manager.startup(name);
        if (found.filter(Startup::isEnabled).isPresent()) {
          return found.get();
        }
        there = there.or(() -> found);
      }
      // A unit of systemd takes the place of the script of the same name.
      if (there.isPresent()) {
        break;
      }
    }
    return there.orElseGet(() -> new Startup(State.ABSENT, names[0], "", false));
  }
}
