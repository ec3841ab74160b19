package io.diskwright.guest.service;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.service.Startup.State;
import java.io.IOException;
import java.util.Optional;

/** The jobs of upstart, init(5). */
final class UpstartJobs implements ServiceManager {

  private final GuestReader reader;

  UpstartJobs(GuestReader reader) {
    this.reader = reader;
  }

  @Override
  public Optional<Startup> startup(String name) throws IOException {
    String path = "etc/init/" + name + ".conf";
    Optional<String> job = reader.text(path);
    if (job.isEmpty()) {
      return Optional.empty();
    }
    String override = "etc/init/" + name + ".override";
    String overridden = reader.text(override).orElse("");
    if (hasLine(overridden, "manual") || hasLine(job.get(), "manual")) {
      return Optional.of(new Startup(State.DISABLED, name, "/" + override, false));
    }
    boolean starts = hasLine(overridden, "start on") || hasLine(job.get(), "start on");
    return Optional.of(
        new Startup(starts ? State.ENABLED : State.DISABLED, name, "/" + path, false));
  }

  private static boolean hasLine(String text, String start) {
    return text.lines().map(String::strip).anyMatch(line -> line.startsWith(start));
  }
}
