package io.diskwright.guest.packages;

import io.diskwright.guest.os.GuestReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The packages of a guest by its own database: dpkg's, apk's. RPM's databases are recognised and
 * not read.
 *
 * @param database {@code dpkg}, {@code apk}, {@code rpm}, {@code none}
 * @param read whether the database was read: only then a package that is not listed is absent
 * @param installed names with their versions
 * @param conffiles of Debian's packages: path with its MD5 as it was delivered
 */
public record Packages(
    String database, boolean read, Map<String, String> installed, Map<String, String> conffiles) {

  private static final String DPKG = "var/lib/dpkg/status";
  private static final String APK = "lib/apk/db/installed";
  private static final String[] RPM = {
    "var/lib/rpm/Packages",
    "var/lib/rpm/Packages.db",
    "var/lib/rpm/rpmdb.sqlite",
    "usr/lib/sysimage/rpm/Packages.db",
    "usr/lib/sysimage/rpm/rpmdb.sqlite"
  };
  private static final long MAX_BYTES = 64L << 20;
  private static final int MAX_PACKAGES = 100_000;

  /** Takes copies of the maps. */
  public Packages {
    installed = Map.copyOf(installed);
    conffiles = Map.copyOf(conffiles);
  }

  /** Reads the database of a guest. */
  public static Packages read(GuestReader reader) throws IOException {
    if (reader.isFile(DPKG)) {
      return dpkg(reader);
    }
    if (reader.isFile(APK)) {
      return apk(reader);
    }
    for (String path : RPM) {
      if (reader.isFile(path)) {
        return new Packages("rpm", false, Map.of(), Map.of());
      }
    }
    return new Packages("none", false, Map.of(), Map.of());
  }

  /** The version of a package that is installed. */
  public Optional<String> version(String name) {
    return Optional.ofNullable(installed.get(name));
  }

  @FunctionalInterface
  private interface Lines {
    void take(String line);
  }

  private static boolean each(GuestReader reader, String path, Lines lines) throws IOException {
    return reader
        .attempt(
            path,
            file -> {
              if (Files.size(file) > MAX_BYTES) {
                reader.unknown("/" + path, "larger than the " + MAX_BYTES + " bytes that are read");
                return Optional.of(false);
              }
              try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                  lines.take(line);
                }
              }
              return Optional.of(true);
            })
        .orElse(false);
  }

  private static final class Stanza {
    private final Map<String, String> installed = new HashMap<>();
    private final Map<String, String> conffiles = new HashMap<>();
    private final Map<String, String> own = new HashMap<>();
    private String name = "";
    private String version = "";
    private boolean there;
    private boolean inConffiles;

    void take(String line) {
      if (line.isEmpty()) {
        end();
      } else if (line.startsWith("Package: ")) {
        name = line.substring(9).strip();
      } else if (line.startsWith("Status: ")) {
        String[] words = line.substring(8).strip().split(" ", -1);
        there = words.length == 3 && words[2].equals("installed");
      } else if (line.startsWith("Version: ")) {
        version = line.substring(9).strip();
      } else if (inConffiles && line.startsWith(" ")) {
        String[] words = line.strip().split(" ", -1);
        if (words.length >= 2 && own.size() < MAX_PACKAGES) {
          own.put(words[0], words[1]);
        }
      }
      inConffiles = line.startsWith("Conffiles:") || inConffiles && line.startsWith(" ");
    }

    void end() {
      if (there && !name.isEmpty() && installed.size() < MAX_PACKAGES) {
        installed.put(name, version);
        conffiles.putAll(own);
      }
      own.clear();
      name = "";
      version = "";
      there = false;
      inConffiles = false;
    }
  }

  private static Packages dpkg(GuestReader reader) throws IOException {
    var stanza = new Stanza();
    boolean whole = each(reader, DPKG, stanza::take);
    stanza.end();
    return new Packages("dpkg", whole, stanza.installed, stanza.conffiles);
  }

  private static Packages apk(GuestReader reader) throws IOException {
    Map<String, String> installed = new HashMap<>();
    String[] name = {""};
    boolean whole =
        each(
            reader,
            APK,
            line -> {
              if (line.startsWith("P:")) {
                name[0] = line.substring(2);
              } else if (line.startsWith("V:") && installed.size() < MAX_PACKAGES) {
                installed.put(name[0], line.substring(2));
              }
            });
    return new Packages("apk", whole, installed, Map.of());
  }
}
