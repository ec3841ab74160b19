package io.diskwright.guest.os;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the directory that Windows is installed in: the one with the registry of the system. */
final class WindowsRoot {

  private static final String CONFIG = "/System32/config/SYSTEM";

  /** {@code multi(0)disk(0)rdisk(0)partition(1)\WINDOWS="…"}. */
  private static final Pattern ARC_PATH =
      Pattern.compile("(?:multi|scsi|signature)\\([^=]{1,80}\\)\\\\([^=\\\\/]{1,64})=.*");

  private WindowsRoot() {}

  /** The directory's path without a slash first; empty when there is none. */
  static Optional<String> find(GuestReader reader) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    names.add("Windows");
    names.add("WINNT");
    Optional<String> bootIni = CaseInsensitive.resolve(reader, "boot.ini");
    if (bootIni.isPresent()) {
      for (String line : Limits.lines(reader.text(bootIni.get()).orElse(""))) {
        Matcher arcPath = ARC_PATH.matcher(line.strip());
        if (arcPath.matches() && names.size() < 8) {
          names.add(arcPath.group(1));
        }
      }
    }
    for (String name : names) {
      Optional<String> hive = CaseInsensitive.resolve(reader, name + CONFIG);
      if (hive.isPresent() && reader.isFile(hive.get())) {
        return Optional.of(hive.get().substring(0, hive.get().length() - CONFIG.length()));
      }
    }
    return Optional.empty();
  }
}
