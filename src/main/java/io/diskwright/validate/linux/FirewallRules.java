package io.diskwright.validate.linux;

import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.guest.service.Services;
import io.diskwright.guest.service.Startup;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a firewall is started at boot and would keep something out. */
final class FirewallRules {

  /** Firewalls that filter as soon as they run. */
  private static final List<String> FILTERING =
      List.of(
          "firewalld",
          "SuSEfirewall2",
          "SuSEfirewall2_setup",
          "shorewall",
          "shorewall6",
          "ferm",
          "csf",
          "lfd",
          "apf");

  /** Services that load rules from a file, and the files they may load. */
  private static final String[][] LOADING = {
    {"iptables", "etc/sysconfig/iptables", "etc/iptables/iptables.rules"},
    {"ip6tables", "etc/sysconfig/ip6tables", "etc/iptables/ip6tables.rules"},
    {"nftables", "etc/nftables.conf", "etc/sysconfig/nftables.conf", "etc/nftables/main.nft"},
    {"netfilter-persistent", "etc/iptables/rules.v4", "etc/iptables/rules.v6"},
    {"iptables-persistent", "etc/iptables/rules.v4", "etc/iptables/rules.v6", "etc/iptables/rules"},
    {"iptables-restore", "var/lib/iptables/rules-save"}
  };

  private static final List<String> SCRIPTS =
      List.of("etc/rc.local", "etc/rc.d/rc.local", "etc/network/interfaces");

  /** Longer lines are no rules. */
  private static final int MAX_LINE = 4096;

  private FirewallRules() {}

  static List<Rule> all() {
    return List.of(Rule.ofFiles("linux.security.firewall-disabled", FirewallRules::disabled));
  }

  private static Outcome disabled(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    Services services = facts.services();
    List<Evidence> found = new ArrayList<>();
    List<String> idle = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    if (facts.os().family() == OsFamily.FREEBSD) {
      for (String name : List.of("firewall", "pf", "ipfilter", "ipfw")) {
        Startup startup = services.startup(name);
        if (startup.isEnabled()) {
          found.add(new Evidence(startup.where(), name + " is enabled", "not enabled"));
        }
      }
    } else {
      for (String name : FILTERING) {
        Startup startup = services.startup(name);
        if (startup.isEnabled()) {
          found.add(new Evidence(startup.where(), name + " is started at boot", "not started"));
        }
      }
      ufw(files, services).ifPresent(found::add);
      for (String[] loader : LOADING) {
        loader(files, services, loader, found, idle, unread);
      }
    }
    if (!found.isEmpty()) {
      return Outcome.fail("A firewall is started at boot.", found);
    }
    if (!unread.isEmpty()) {
      return Outcome.unknown("What " + unread.getFirst() + " loads at boot was not understood.");
    }
    for (String script : SCRIPTS) {
      Optional<String> line =
          files
              .text(script)
              .flatMap(t -> Lines.first(t, "^[^#]*\\b(?:ip6?tables|nft|ipfw)\\b.*$", 0));
      if (line.isPresent()) {
        return Outcome.unknown(
            "A script sets up a firewall at boot, which is not evaluated.",
            new Evidence("/" + script, line.get().strip(), "none"));
      }
    }
    return idle.isEmpty()
        ? Outcome.pass("No firewall is started at boot.")
        : Outcome.pass(idle.getFirst() + " is started at boot with rules that accept everything.")
            .derived();
  }

  private static Optional<Evidence> ufw(GuestReader files, Services services) throws IOException {
    Startup startup = services.startup("ufw");
    Optional<String> on =
        files.text("etc/ufw/ufw.conf").flatMap(t -> Lines.first(t, "^ENABLED=\"?yes\"?\\s*$", 0));
    return startup.isEnabled() && on.isPresent()
        ? Optional.of(new Evidence("/etc/ufw/ufw.conf", on.get().strip(), "ENABLED=no"))
        : Optional.empty();
  }

  private static void loader(
      GuestReader files,
      Services services,
      String[] loader,
      List<Evidence> found,
      List<String> idle,
      List<String> unread)
      throws IOException {
    Startup startup = services.startup(loader[0]);
    if (!startup.isEnabled()) {
      return;
    }
    boolean rules = false;
    for (int i = 1; i < loader.length; i++) {
      Optional<String> text = files.text(loader[i]);
      if (text.isPresent()) {
        rules = true;
        Optional<String> line = filters(text.get());
        if (line.isPresent()) {
          found.add(new Evidence("/" + loader[i], line.get(), "no rule that keeps something out"));
        } else {
          idle.add(startup.name());
        }
        if (text.get().contains("include ") && loader[0].equals("nftables")) {
          unread.add(loader[0]);
        }
      }
    }
    if (!rules) {
      idle.add(startup.name());
    }
  }

  /** The first line that keeps something out, of iptables-save(8) or nft(8). */
  private static Optional<String> filters(String text) {
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      String line = raw.strip().toLowerCase(Locale.ROOT);
      if (line.startsWith("#") || line.length() > MAX_LINE) {
        continue;
      }
      boolean policy =
          line.startsWith(":input drop")
              || line.startsWith(":forward drop")
              || line.contains("policy drop");
      boolean rule =
          line.contains("-j drop")
              || line.contains("-j reject")
              || line.matches("(.*\\s)?(drop|reject)(\\s.*|;?)");
      if (policy || rule) {
        return Optional.of(raw.strip());
      }
    }
    return Optional.empty();
  }
}
