package io.diskwright.guest.service;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.service.Startup.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scripts in init.d, started by the S-links of the default runlevel. */
final class SysvScripts implements ServiceManager {

  private final GuestReader reader;
  private final List<String> directories = new ArrayList<>();

  SysvScripts(GuestReader reader) throws IOException {
    this.reader = reader;
    String level = runlevel(reader.text("etc/inittab").orElse(""));
    for (String one : level.isEmpty() ? List.of("2", "3", "5", "S") : List.of(level, "S")) {
      directories.add("etc/rc.d/rc" + one + ".d");
      directories.add("etc/rc" + one + ".d");
      directories.add("etc/init.d/rc" + one + ".d");
    }
  }

  private static String runlevel(String inittab) {
    for (String line : (Iterable<String>) inittab.lines()::iterator) {
      String[] fields = line.strip().split(":", 4);
      if (fields.length >= 3 && fields[2].equals("initdefault") && fields[1].length() == 1) {
        return fields[1];
      }
    }
    return "";
  }

  @Override
  public Optional<Startup> startup(String name) throws IOException {
    if (name.contains(".")) {
      return Optional.empty();
    }
    for (String directory : directories) {
      for (String link : reader.names(directory, n -> isStart(n, name))) {
        return Optional.of(new Startup(State.ENABLED, name, "/" + directory + "/" + link, false));
      }
    }
    for (String script : List.of("etc/init.d/" + name, "etc/rc.d/init.d/" + name)) {
      if (reader.isFile(script)) {
        return Optional.of(new Startup(State.DISABLED, name, "/" + script, false));
      }
    }
    return Optional.empty();
  }

  /** {@code S55sshd} starts sshd. */
  private static boolean isStart(String link, String name) {
    return link.length() == name.length() + 3
        && link.charAt(0) == 'S'
        && Character.isDigit(link.charAt(1))
        && Character.isDigit(link.charAt(2))
        && link.endsWith(name);
  }
}
