package io.diskwright.guest.service;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.service.Startup.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** FreeBSD's variables, rc.conf(5): assignments only, no shell. */
final class RcConf implements ServiceManager {

  private static final Set<String> YES = Set.of("yes", "true", "on", "1");
  private static final int MAX_VARIABLES = 10_000;

  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> places = new HashMap<>();

  RcConf(GuestReader reader) throws IOException {
    List<String> files = new ArrayList<>();
    files.add("etc/defaults/rc.conf");
    files.add("etc/rc.conf");
    files.add("etc/rc.conf.local");
    for (String name : reader.names("etc/rc.conf.d", any -> true)) {
      files.add("etc/rc.conf.d/" + name);
    }
    for (String file : files) {
      for (String line : (Iterable<String>) reader.text(file).orElse("").lines()::iterator) {
        assign(file, line.strip());
      }
    }
  }

  private void assign(String file, String line) {
    int sign = line.indexOf('=');
    if (sign > 0 && !line.startsWith("#") && values.size() < MAX_VARIABLES) {
      String value = line.substring(sign + 1);
      boolean quoted = value.startsWith("\"") || value.startsWith("'");
      int end = quoted ? value.indexOf(value.charAt(0), 1) : value.indexOf('#');
      String bare = value.substring(quoted ? 1 : 0, end < 0 ? value.length() : end).strip();
      values.put(line.substring(0, sign), bare);
      places.put(line.substring(0, sign), "/" + file);
    }
  }

  @Override
  public Optional<Startup> startup(String name) {
    String variable = name.replace('-', '_') + "_enable";
    String value = values.get(variable);
    if (value == null) {
      return Optional.empty();
    }
    boolean on = YES.contains(value.toLowerCase(Locale.ROOT));
    return Optional.of(
        new Startup(
            on ? State.ENABLED : State.DISABLED, name, places.getOrDefault(variable, ""), false));
  }
}
