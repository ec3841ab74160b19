package io.diskwright.guest.account;

import io.diskwright.guest.os.GuestReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The accounts in passwd(5) and shadow(5), or master.passwd(5) of FreeBSD. */
public final class Accounts {

  private static final int MAX_ACCOUNTS = 10_000;

  /** Without a line in shadow no password opens an account. */
  private static final String[] NO_SECRET = {"", "*"};

  private final List<Account> accounts;

  private Accounts(List<Account> accounts) {
    this.accounts = List.copyOf(accounts);
  }

  /**
   * One account.
   *
   * @param password what stands for the password: a hash, a mark that locks it, or nothing
   * @param changed days since 1970 when the password was last changed, empty when that is not kept;
   *     0 wants a new one at the next login
   * @param where path and line of the password
   */
  public record Account(
      String name,
      long uid,
      String home,
      String shell,
      String password,
      String changed,
      String where) {

    /** Whether no password opens it. */
    public boolean isLocked() {
      return password.startsWith("!") || password.startsWith("*") || password.equals("LK");
    }

    /** Whether someone can work with it. */
    public boolean hasShell() {
      return !shell.endsWith("nologin") && !shell.endsWith("false") && !shell.endsWith("sync");
    }
  }

  /** Reads the accounts of a guest; empty when there is no passwd. */
  public static Optional<Accounts> read(GuestReader reader) throws IOException {
    boolean bsd = reader.isFile("etc/master.passwd");
    String main = bsd ? "etc/master.passwd" : "etc/passwd";
    Optional<String> passwd = reader.text(main);
    if (passwd.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String[]> secrets = new HashMap<>();
    Map<String, String> places = new HashMap<>();
    if (!bsd) {
      int number = 0;
      for (String line :
          (Iterable<String>) reader.text("etc/shadow").orElse("").lines()::iterator) {
        number++;
        String[] fields = line.split(":", -1);
        if (fields.length >= 2 && secrets.size() < MAX_ACCOUNTS) {
          secrets.putIfAbsent(fields[0], fields);
          places.putIfAbsent(fields[0], "/etc/shadow:" + number);
        }
      }
    }
    List<Account> accounts = new ArrayList<>();
    int number = 0;
    for (String line : (Iterable<String>) passwd.get().lines()::iterator) {
      number++;
      String[] fields = line.split(":", -1);
      int shell = bsd ? 9 : 6;
      if (line.startsWith("#") || fields.length <= shell || accounts.size() == MAX_ACCOUNTS) {
        continue;
      }
      String[] shadow = fields[1].equals("x") ? secrets.getOrDefault(fields[0], NO_SECRET) : fields;
      boolean shadowed = fields[1].equals("x") && secrets.containsKey(fields[0]);
      accounts.add(
          new Account(
              fields[0],
              number(fields[2]),
              fields[shell - 1],
              fields[shell],
              shadow[1],
              shadowed && shadow.length > 2 ? shadow[2] : "",
              shadowed
                  ? places.getOrDefault(fields[0], "/etc/shadow")
                  : "/" + main + ":" + number));
    }
    return Optional.of(new Accounts(accounts));
  }

  /** All, in the order of the file. */
  public List<Account> all() {
    return accounts;
  }

  /** The account with a name. */
  public Optional<Account> named(String name) {
    return accounts.stream().filter(a -> a.name().equals(name)).findFirst();
  }

  private static long number(String field) {
    boolean isNumber =
        !field.isEmpty()
            && field.length() < 11
            && field.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Long.parseLong(field) : -1;
  }
}
