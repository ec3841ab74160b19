package io.diskwright.guest.kernel;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.Kernel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a kernel has built in and what it has as modules. For any thread. */
public final class KernelModules {

  private static final int MAX_MODULES = 50_000;

  private final Set<String> builtin;

  /** By name: the path of the file, then the names of what it needs. */
  private final Map<String, List<String>> modules;

  private final Map<String, String> options;
  private final boolean known;

  private KernelModules(
      Set<String> builtin,
      Map<String, List<String>> modules,
      Map<String, String> options,
      boolean known) {
    this.builtin = Set.copyOf(builtin);
    this.modules = Map.copyOf(modules);
    this.options = Map.copyOf(options);
    this.known = known;
  }

  /** Where a driver is. */
  public enum Place {
    /** In the kernel's image. */
    BUILTIN,
    /** In a file that is there with all it depends on. */
    MODULE,
    /** Nowhere. */
    ABSENT
  }

  /** Reads what is installed for a kernel: modules.builtin, modules.dep, /boot/config. */
  public static KernelModules read(GuestReader reader, Kernel kernel) throws IOException {
    String version = kernel.version();
    Optional<String> directory = Optional.empty();
    for (String parent : List.of("lib/modules/", "usr/lib/modules/")) {
      if (directory.isEmpty() && reader.isDirectory(parent + version)) {
        directory = Optional.of(parent + version);
      }
    }
    Map<String, String> options = new HashMap<>();
    Optional<String> boot = reader.text("boot/config-" + version);
    String config =
        boot.isPresent()
            ? boot.get()
            : reader.text("usr/lib/modules/" + version + "/config").orElse("");
    for (String line : (Iterable<String>) config.lines()::iterator) {
      int sign = line.indexOf('=');
      if (line.startsWith("CONFIG_") && sign > 0 && options.size() < MAX_MODULES) {
        options.put(line.substring("CONFIG_".length(), sign), line.substring(sign + 1));
      }
    }
    Set<String> builtin = new HashSet<>();
    Map<String, List<String>> modules = new HashMap<>();
    if (directory.isPresent()) {
      String text = reader.text(directory.get() + "/modules.builtin").orElse("");
      text.lines().limit(MAX_MODULES).forEach(line -> builtin.add(ModuleName.of(line)));
      String dep = reader.text(directory.get() + "/modules.dep").orElse("");
      for (String line : (Iterable<String>) dep.lines().limit(MAX_MODULES)::iterator) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          List<String> needed =
              line.substring(colon + 1).isBlank()
                  ? List.of()
                  : List.of(line.substring(colon + 1).strip().split("\\s+", -1));
          String path = line.substring(0, colon);
          List<String> all = new ArrayList<>(List.of(resolved(directory.get(), path)));
          needed.forEach(other -> all.add(ModuleName.of(other)));
          modules.putIfAbsent(ModuleName.of(path), List.copyOf(all));
        }
      }
    }
    // Modules that no index lists may be there all the same.
    boolean indexed = directory.isEmpty() || !modules.isEmpty();
    boolean known = indexed && (!builtin.isEmpty() || !modules.isEmpty() || !options.isEmpty());
    return new KernelModules(builtin, modules, options, known);
  }

  /** Old tools write absolute paths. */
  private static String resolved(String directory, String path) {
    return path.startsWith("/") ? path.substring(1) : directory + "/" + path;
  }

  /** Whether anything was found that tells what the kernel has. */
  public boolean known() {
    return known;
  }

  /** The value of an option of /boot/config, without {@code CONFIG_}; empty when it is not set. */
  public Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /**
   * Where a driver is.
   *
   * @param module its name
   * @param option of /boot/config that builds it in
   */
  public Place place(GuestReader reader, String module, String option) throws IOException {
    String name = ModuleName.of(module);
    if (builtin.contains(name) || option(option).filter("y"::equals).isPresent()) {
      return Place.BUILTIN;
    }
    return isLoadable(reader, name) ? Place.MODULE : Place.ABSENT;
  }

  /** The module and all that it needs, by their names; those built in are not among them. */
  public Set<String> closure(String module) {
    Set<String> all = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(ModuleName.of(module)));
    while (!open.isEmpty() && all.size() < MAX_MODULES) {
      String next = open.pop();
      if (!builtin.contains(next) && all.add(next)) {
        List<String> line = modules.getOrDefault(next, List.of());
        open.addAll(line.subList(Math.min(1, line.size()), line.size()));
      }
    }
    return all;
  }

  private boolean isLoadable(GuestReader reader, String name) throws IOException {
    for (String needed : closure(name)) {
      List<String> line = modules.getOrDefault(needed, List.of());
      if (line.isEmpty() || !reader.exists(line.getFirst())) {
        return false;
      }
    }
    return true;
  }
}
