package io.diskwright.validate.linux;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.service.Startup;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether cloud-init is there, runs, and asks the importer's cloud. */
final class CloudInitRules {

  private static final String ABSENT =
      "cloud-init is not installed, see linux.software.cloud-init.";

  private CloudInitRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.ofFiles("linux.software.cloud-init", CloudInitRules::installed),
        Rule.ofFiles("linux.software.cloud-init-enabled", CloudInitRules::enabled),
        Rule.ofFiles("linux.software.cloud-init-datasource", CloudInitRules::datasource));
  }

  private static boolean isInstalled(GuestReader files) throws IOException {
    return files.isFile("usr/bin/cloud-init") || files.isFile("usr/local/bin/cloud-init");
  }

  private static Outcome installed(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    if (!isInstalled(files)) {
      return Outcome.fail(
          "cloud-init is not installed.",
          new Evidence("/usr/bin/cloud-init", "absent", "cloud-init 0.7.9 or later"));
    }
    if (!files.isFile("etc/cloud/cloud.cfg")) {
      return Outcome.fail(
          "cloud-init has no configuration.",
          new Evidence("/etc/cloud/cloud.cfg", "absent", "a file"));
    }
    Optional<String> version = version(facts);
    if (version.isEmpty()) {
      return Outcome.unknown("cloud-init is installed; its version cannot be told.");
    }
    boolean own = version.get().contains("a15") || version.get().startsWith("19.1.");
    return !own && isOld(version.get())
        ? Outcome.fail(
            "cloud-init " + version.get() + " does not know the importer's cloud.",
            new Evidence("cloud-init", version.get(), "0.7.9 or later"))
        : Outcome.pass("cloud-init " + version.get() + " is installed.");
  }

  private static Optional<String> version(GuestFacts facts) throws IOException {
    Optional<String> listed = facts.packages().version("cloud-init");
    if (listed.isPresent()) {
      return listed;
    }
    GuestReader files = facts.files();
    for (String lib : List.of("usr/lib", "usr/local/lib", "usr/lib64")) {
      for (String python : files.names(lib, n -> n.startsWith("python"))) {
        for (String packages : List.of("site-packages", "dist-packages")) {
          String directory = lib + "/" + python + "/" + packages;
          Optional<String> version =
              files
                  .text(directory + "/cloudinit/version.py")
                  .flatMap(t -> Lines.first(t, "^__VERSION__ = [\"']([0-9][^\"']*)[\"'].*", 1));
          if (version.isPresent()) {
            return version;
          }
          for (String name : files.names(directory, n -> n.startsWith("cloud_init-"))) {
            return Optional.of(name.substring("cloud_init-".length()).split("-", 2)[0]);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Before 0.7.9. */
  private static boolean isOld(String version) {
    String bare = version.replaceFirst("^[0-9]+:", "");
    String[] parts = bare.split("[.~+-]", 4);
    int major = number(parts, 0);
    int minor = number(parts, 1);
    return major == 0 && (minor < 7 || minor == 7 && number(parts, 2) < 9);
  }

  private static int number(String[] parts, int at) {
    String part = at < parts.length ? parts[at] : "";
    boolean isNumber =
        !part.isEmpty() && part.length() < 6 && part.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Integer.parseInt(part) : 0;
  }

  private static Outcome enabled(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    if (!isInstalled(files)) {
      return Outcome.notApplicable(ABSENT);
    }
    if (files.exists("etc/cloud/cloud-init.disabled")) {
      return Outcome.fail(
          "cloud-init is switched off.",
          new Evidence("/etc/cloud/cloud-init.disabled", "present", "absent"));
    }
    if (facts.bootOptions().contains(" cloud-init=disabled ")) {
      return Outcome.fail(
          "cloud-init is switched off by the kernel's options.",
          new Evidence("the kernel's options", "cloud-init=disabled", "without"));
    }
    Optional<String> policy =
        files
            .text("etc/cloud/ds-identify.cfg")
            .flatMap(t -> Lines.first(t, "^\\s*policy:\\s*disabled.*$", 0));
    if (policy.isPresent()) {
      return Outcome.fail(
          "cloud-init is told to look for no cloud.",
          new Evidence("/etc/cloud/ds-identify.cfg", policy.get().strip(), "enabled"));
    }
    Startup startup =
        facts
            .services()
            .startup("cloud-init", "cloud-init-local", "cloud-init-main", "cloud-init-network");
    if (startup.isEnabled()) {
      var pass = Outcome.pass("cloud-init is started at boot: " + startup.where() + ".");
      return startup.derived() ? pass.derived() : pass;
    }
    for (String path :
        List.of("usr/lib/systemd/system-generators/", "lib/systemd/system-generators/")) {
      if (files.isFile(path + "cloud-init-generator") && startup.state() != Startup.State.MASKED) {
        return Outcome.pass("cloud-init is started by its generator.").derived();
      }
    }
    return Outcome.fail(
        "cloud-init is installed and not started at boot.",
        new Evidence(
            startup.where().isEmpty() ? "units and scripts" : startup.where(),
            startup.state().name().toLowerCase(Locale.ROOT),
            "enabled"));
  }

  private static Outcome datasource(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    String wanted = facts.profile().guest().datasource();
    if (!isInstalled(files)) {
      return Outcome.notApplicable(ABSENT);
    }
    if (wanted.isEmpty()) {
      return Outcome.notApplicable("The profile asks for no datasource.");
    }
    List<String> paths = new ArrayList<>(List.of("etc/cloud/cloud.cfg"));
    for (String name : files.names("etc/cloud/cloud.cfg.d", n -> n.endsWith(".cfg"))) {
      paths.add("etc/cloud/cloud.cfg.d/" + name);
    }
    Optional<List<String>> sources = Optional.empty();
    String where = "";
    for (String path : paths) {
      Optional<List<String>> listed = files.text(path).flatMap(CloudInitRules::listed);
      if (listed.isPresent()) {
        sources = listed;
        where = "/" + path;
      }
    }
    if (sources.isEmpty()) {
      return Outcome.pass("cloud-init tries all the clouds it knows.");
    }
    String place = where;
    List<String> list = sources.get();
    if (list.contains(wanted)) {
      return Outcome.pass(place + " lists " + wanted + ".");
    }
    boolean otherCase = list.stream().anyMatch(s -> s.equalsIgnoreCase(wanted));
    var evidence = new Evidence(place, "datasource_list: " + list, "with " + wanted);
    return otherCase
        ? Outcome.fail(
                "The datasource is written in another way than "
                    + wanted
                    + ", which old versions"
                    + " do not take.",
                evidence)
            .atMost(Severity.WARNING)
        : Outcome.fail("cloud-init does not look for the importer's cloud.", evidence);
  }

  /** A list in brackets, or one item a line. */
  private static Optional<List<String>> listed(String text) {
    List<String> found = new ArrayList<>();
    boolean inside = false;
    boolean seen = false;
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      String line = raw.strip();
      if (raw.startsWith("datasource_list:")) {
        seen = true;
        found.clear();
        inside = true;
        line = line.substring("datasource_list:".length()).strip();
      } else if (inside && !raw.startsWith(" ") && !line.startsWith("-") && !line.isEmpty()) {
        inside = false;
      }
      if (inside && !line.startsWith("#")) {
        for (String word : line.split("[\\[\\],\\s\"']+", -1)) {
          if (!word.isEmpty() && !word.equals("-")) {
            found.add(word);
          }
        }
        inside = !line.endsWith("]");
      }
    }
    return seen ? Optional.of(List.copyOf(found)) : Optional.empty();
  }
}
