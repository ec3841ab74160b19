package io.diskwright.validate.linux;

import io.diskwright.guest.account.Accounts;
import io.diskwright.guest.account.Accounts.Account;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a Linux is reached and guarded: ssh, firewall, accounts. */
public final class SecurityRules {

  private static final int LISTED = 20;
  private static final int HISTORY_BYTES = 1024;

  private SecurityRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return Stream.of(SshRules.all(), FirewallRules.all(), ownRules())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Rule> ownRules() {
    return List.of(
        Rule.ofFiles("linux.security.selinux-disabled", SecurityRules::selinux),
        Rule.ofFiles("linux.security.root-password", SecurityRules::rootPassword),
        Rule.ofFiles("linux.security.no-empty-passwords", SecurityRules::noEmptyPasswords),
        Rule.ofFiles("linux.security.password-hash-scheme", SecurityRules::hashScheme),
        Rule.ofFiles("linux.security.root-account", SecurityRules::rootAccount),
        Rule.ofFiles("linux.security.leftover-credentials", SecurityRules::leftovers));
  }

  private static Outcome selinux(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    String path = "etc/selinux/config";
    Optional<String> text = files.text(path);
    if (text.isEmpty()) {
      return files.unknowns().isEmpty()
          ? Outcome.pass("There is no /etc/selinux/config.")
          : Outcome.unknown("/etc/selinux/config could not be read.");
    }
    String mode = "";
    int at = 0;
    int number = 0;
    for (String line : (Iterable<String>) text.get().lines()::iterator) {
      number++;
      if (line.startsWith("SELINUX=")) {
        mode = line.substring("SELINUX=".length()).strip();
        at = number;
      }
    }
    String options = facts.bootOptions();
    if (options.contains(" selinux=0 ")) {
      return Outcome.pass("The kernel is started with selinux=0.");
    }
    var evidence = new Evidence("/" + path + ":" + at, "SELINUX=" + mode, "SELINUX=disabled");
    if (mode.startsWith("enforcing")) {
      return options.contains(" enforcing=0 ")
          ? Outcome.fail("SELinux is permissive by the kernel's options.", evidence)
              .atMost(Severity.WARNING)
          : Outcome.fail("SELinux is enforcing.", evidence);
    }
    if (mode.startsWith("permissive")) {
      boolean current = facts.profile().name().equals("alibaba-current");
      return Outcome.fail("SELinux is permissive.", evidence)
          .atMost(current ? Severity.INFO : Severity.WARNING);
    }
    return mode.startsWith("disabled")
        ? Outcome.pass("SELinux is disabled.")
        : Outcome.unknown("/etc/selinux/config does not say a mode that is known.", evidence);
  }

  private static Outcome rootPassword(GuestFacts facts) throws IOException {
    Optional<Account> root = accounts(facts).flatMap(a -> a.named("root"));
    if (root.isEmpty()) {
      return Outcome.unknown("There is no account root whose password could be looked at.");
    }
    Account account = root.get();
    if (account.password().isEmpty()) {
      return Outcome.fail(
          "root has no password.", new Evidence(account.where(), "empty", "a password"));
    }
    if (account.isLocked()) {
      return Outcome.fail(
          "root is locked: it can log in only if the importer sets a password.",
          new Evidence(account.where(), account.password().substring(0, 1), "a password"));
    }
    if (account.changed().equals("0")) {
      return Outcome.fail(
          "root must change its password at the first login.",
          new Evidence(account.where(), "last change 0", "a date"));
    }
    return Outcome.unknown(
        "root has a password; its length and its classes of characters cannot be read from a"
            + " hash.");
  }

  private static Outcome noEmptyPasswords(GuestFacts facts) throws IOException {
    Optional<Accounts> accounts = accounts(facts);
    if (accounts.isEmpty()) {
      return Outcome.unknown("The accounts could not be read.");
    }
    List<Evidence> found =
        accounts.get().all().stream()
            .filter(a -> a.password().isEmpty() && a.hasShell())
            .limit(LISTED)
            .map(
                a -> new Evidence(a.where(), a.name() + " has no password", "a password or a lock"))
            .toList();
    return found.isEmpty()
        ? Outcome.pass("Every account that can log in has a password or a lock.")
        : Outcome.fail("An account can be used without a password.", found);
  }

  private static Outcome hashScheme(GuestFacts facts) throws IOException {
    Optional<Accounts> accounts = accounts(facts);
    if (accounts.isEmpty()) {
      return Outcome.unknown("The accounts could not be read.");
    }
    List<Evidence> weak = new ArrayList<>();
    List<Evidence> modern = new ArrayList<>();
    for (Account account : accounts.get().all()) {
      String hash = account.password();
      if (hash.isEmpty() || account.isLocked() || !account.hasShell()) {
        continue;
      }
      if (hash.startsWith("$1$") || !hash.startsWith("$")) {
        String scheme = hash.startsWith("$1$") ? "MD5" : "DES";
        weak.add(new Evidence(account.where(), account.name() + ": " + scheme, "SHA-512"));
      } else if (hash.startsWith("$y$") || hash.startsWith("$gy$") || hash.startsWith("$7$")) {
        modern.add(new Evidence(account.where(), account.name() + ": yescrypt", "SHA-512"));
      }
    }
    Optional<String> method =
        facts
            .files()
            .text("etc/login.defs")
            .flatMap(t -> Lines.first(t, "^ENCRYPT_METHOD\\s+(MD5|DES)\\s*$", 1));
    method.ifPresent(
        m -> weak.add(new Evidence("/etc/login.defs", "ENCRYPT_METHOD " + m, "SHA512")));
    if (!weak.isEmpty()) {
      return Outcome.fail("Passwords are kept by a weak scheme.", weak);
    }
    return modern.isEmpty()
        ? Outcome.pass("Passwords are kept by a scheme that importers know.")
        : Outcome.fail("Passwords are kept by yescrypt, which old injectors do not write.", modern)
            .atMost(Severity.INFO);
  }

  private static Outcome rootAccount(GuestFacts facts) throws IOException {
    Optional<Accounts> accounts = accounts(facts);
    if (accounts.isEmpty()) {
      return Outcome.unknown("The accounts could not be read.");
    }
    Optional<Account> root = accounts.get().named("root");
    if (root.isEmpty() || root.get().uid() != 0) {
      return Outcome.fail(
          "There is no account root with the number 0.",
          new Evidence("/etc/passwd", root.map(r -> "root is " + r.uid()).orElse("no root"), "0"));
    }
    if (!root.get().hasShell()) {
      return Outcome.fail(
          "root cannot log in: its shell is none.",
          new Evidence("/etc/passwd", root.get().shell(), "a shell"));
    }
    String shell = root.get().shell();
    if (!shell.isEmpty() && !facts.files().isFile(shell)) {
      return Outcome.fail(
          "The shell of root is not there.", new Evidence("/etc/passwd", shell, "a program"));
    }
    if (!facts.files().isDirectory(root.get().home())) {
      return Outcome.fail(
          "The home of root is not there.",
          new Evidence("/etc/passwd", root.get().home(), "a directory"));
    }
    List<Evidence> others =
        accounts.get().all().stream()
            .filter(a -> a.uid() == 0 && !a.name().equals("root") && !a.name().equals("toor"))
            .map(a -> new Evidence("/etc/passwd", a.name() + " has the number 0", "root alone"))
            .toList();
    return others.isEmpty()
        ? Outcome.pass("The account root is as it should be.")
        : Outcome.fail("Another account has the number of root.", others).atMost(Severity.WARNING);
  }

  private static Outcome leftovers(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    List<Evidence> found = new ArrayList<>();
    List<String> homes = new ArrayList<>(List.of("root"));
    for (String name : files.names("home", any -> true)) {
      homes.add("home/" + name);
    }
    for (String home : homes) {
      if (found.size() >= LISTED) {
        break;
      }
      if (files.isFile(home + "/.ssh/authorized_keys")) {
        found.add(new Evidence("/" + home + "/.ssh/authorized_keys", "present", "absent"));
      }
      for (String key :
          files.names(home + "/.ssh", n -> n.startsWith("id_") && !n.endsWith(".pub"))) {
        found.add(new Evidence("/" + home + "/.ssh/" + key, "a private key", "none"));
      }
      long history = files.attributes(home + "/.bash_history").map(a -> a.size()).orElse(0L);
      if (history > HISTORY_BYTES) {
        found.add(new Evidence("/" + home + "/.bash_history", history + " bytes", "at most 1024"));
      }
      for (String secret :
          List.of(".aws/credentials", ".azure/accessTokens.json", ".aliyun/config.json")) {
        if (files.isFile(home + "/" + secret)) {
          found.add(new Evidence("/" + home + "/" + secret, "credentials", "none"));
        }
      }
    }
    return found.isEmpty()
        ? Outcome.pass("No keys, histories or credentials of people were found.")
        : Outcome.fail("The image carries keys, histories or credentials of people.", found);
  }

  private static Optional<Accounts> accounts(GuestFacts facts) throws IOException {
    return Accounts.read(facts.files());
  }
}
