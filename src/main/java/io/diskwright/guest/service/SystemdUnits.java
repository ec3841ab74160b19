package io.diskwright.guest.service;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.service.Startup.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The units of systemd: links in the {@code .wants} and {@code .requires} of targets, aliases,
 * masks, and presets on a first boot, as systemctl(1) and systemd.preset(5) tell them.
 */
final class SystemdUnits implements ServiceManager {

  private static final List<String> DIRECTORIES =
      List.of("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system");
  private static final List<String> PRESETS =
      List.of(
          "etc/systemd/system-preset",
          "usr/lib/systemd/system-preset",
          "lib/systemd/system-preset");
  private static final List<String> GENERATORS =
      List.of("usr/lib/systemd/system-generators", "lib/systemd/system-generators");

  /** Targets that are not reached when a machine starts as it should. */
  private static final Set<String> NOT_AT_BOOT =
      Set.of(
          "rescue.target",
          "emergency.target",
          "halt.target",
          "poweroff.target",
          "reboot.target",
          "shutdown.target",
          "kexec.target",
          "suspend.target",
          "hibernate.target",
          "initrd.target",
          "system-update.target",
          "ctrl-alt-del.target");

  private static final int MAX_TARGETS = 512;

  private final GuestReader reader;

  /** Units that a target pulls in, by name, with the path of the link. */
  private final Map<String, String> wanted = new LinkedHashMap<>();

  /** Aliases in /etc, with what they stand for. */
  private final Map<String, String> aliases = new HashMap<>();

  private final boolean firstBoot;
  private final List<String[]> presets = new ArrayList<>();

  SystemdUnits(GuestReader reader) throws IOException {
    this.reader = reader;
    for (String directory : DIRECTORIES) {
      int seen = 0;
      for (String name : reader.names(directory, SystemdUnits::isPull)) {
        String target = name.substring(0, name.lastIndexOf('.'));
        if (NOT_AT_BOOT.contains(target) || ++seen > MAX_TARGETS) {
          continue;
        }
        for (String unit : reader.names(directory + "/" + name, any -> true)) {
          wanted.putIfAbsent(unit, directory + "/" + name + "/" + unit);
        }
      }
    }
    for (String name :
        reader.names("etc/systemd/system", n -> n.endsWith(".service") || n.endsWith(".socket"))) {
      reader
          .link("etc/systemd/system/" + name)
          .map(target -> target.substring(target.lastIndexOf('/') + 1))
          .filter(target -> !target.equals(name))
          .ifPresent(target -> aliases.put(name, target));
    }
    // An empty file is that of a system that was booted before.
    firstBoot =
        reader.text("etc/machine-id").map(t -> t.strip().equals("uninitialized")).orElse(true);
    if (firstBoot) {
      readPresets();
    }
  }

  private static boolean isPull(String name) {
    return name.endsWith(".wants") || name.endsWith(".requires");
  }

  private void readPresets() throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String directory : PRESETS) {
      for (String name : reader.names(directory, n -> n.endsWith(".preset"))) {
        files.putIfAbsent(name, directory + "/" + name);
      }
    }
    for (String path : files.values()) {
      for (String line : (Iterable<String>) reader.text(path).orElse("").lines()::iterator) {
        String[] words = line.strip().split("\\s+", 3);
        if (words.length >= 2 && (words[0].equals("enable") || words[0].equals("disable"))) {
          presets.add(new String[] {words[0], words[1], path});
        }
      }
    }
  }

  @Override
  public Optional<Startup> startup(String name) throws IOException {
    String unit = name.contains(".") ? name : name + ".service";
    String real = aliases.getOrDefault(unit, unit);
    if (real.equals("null")) {
      return Optional.of(new Startup(State.MASKED, name, "/etc/systemd/system/" + unit, false));
    }
    Optional<String> file = file(unit);
    if (file.isEmpty() && !real.equals(unit)) {
      file = file(real);
    }
    if (file.isEmpty()) {
      return generated(name, unit);
    }
    if (isMasked(unit) || isMasked(real)) {
      return Optional.of(new Startup(State.MASKED, name, "/" + file.get(), false));
    }
    for (String candidate : List.of(unit, real)) {
      String link = wanted.get(candidate);
      if (link != null) {
        return Optional.of(new Startup(State.ENABLED, name, "/" + link, false));
      }
    }
    if (firstBoot && hasInstall(file.get())) {
      Optional<Startup> preset = preset(name, unit);
      if (preset.isPresent()) {
        return preset;
      }
    }
    return Optional.of(new Startup(State.DISABLED, name, "/" + file.get(), false));
  }

  private Optional<String> file(String unit) throws IOException {
    for (String directory : DIRECTORIES) {
      String path = directory + "/" + unit;
      if (reader.exists(path) || reader.link(path).isPresent()) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  private boolean isMasked(String unit) throws IOException {
    for (String directory : DIRECTORIES) {
      String path = directory + "/" + unit;
      if (reader.link(path).filter("/dev/null"::equals).isPresent()) {
        return true;
      }
      boolean empty = reader.isFile(path) && reader.text(path).map(String::isEmpty).orElse(false);
      if (empty) {
        return true;
      }
      if (reader.exists(path)) {
        return false;
      }
    }
    return false;
  }

  private boolean hasInstall(String path) throws IOException {
    return reader.text(path).map(t -> t.contains("[Install]")).orElse(false);
  }

  /** cloud-init's units are pulled in by a program that runs at boot. */
  private Optional<Startup> generated(String name, String unit) throws IOException {
    if (unit.startsWith("cloud-init")) {
      for (String directory : GENERATORS) {
        String path = directory + "/cloud-init-generator";
        if (reader.isFile(path)) {
          return Optional.of(new Startup(State.ENABLED, name, "/" + path, true));
        }
      }
    }
    return Optional.empty();
  }

  /** The first line that matches; units that no line matches are enabled. */
  private Optional<Startup> preset(String name, String unit) {
    for (String[] line : presets) {
      if (matches(line[1], unit)) {
        State state = line[0].equals("enable") ? State.ENABLED : State.DISABLED;
        return Optional.of(new Startup(state, name, "/" + line[2], true));
      }
    }
    // Without any preset file a first boot leaves the units as they are told by links.
    return presets.isEmpty()
        ? Optional.empty()
        : Optional.of(new Startup(State.ENABLED, name, "/" + PRESETS.get(1), true));
  }

  /** Globs of presets are a star at most. */
  private static boolean matches(String glob, String unit) {
    int star = glob.indexOf('*');
    if (star < 0) {
      return glob.equals(unit);
    }
    String head = glob.substring(0, star);
    String tail = glob.substring(star + 1).replace("*", "");
    return unit.length() >= head.length() + tail.length()
        && unit.startsWith(head)
        && unit.endsWith(tail);
  }
}
