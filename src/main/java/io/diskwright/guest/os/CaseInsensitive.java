package io.diskwright.guest.os;

import java.io.IOException;
import java.util.Optional;

/** Finds files of Windows whatever the case of their names, on file systems that tell it apart. */
final class CaseInsensitive {

  private CaseInsensitive() {}

  /** The path as it is written in the guest; empty when there is none. */
  static Optional<String> resolve(GuestReader reader, String path) throws IOException {
    if (reader.exists(path)) {
      return Optional.of(path);
    }
    var found = new StringBuilder();
    for (String name : path.split("/", -1)) {
      String directory = found.isEmpty() ? "." : found.toString();
      var names = reader.names(directory, name::equalsIgnoreCase);
      if (names.isEmpty()) {
        return Optional.empty();
      }
      found.append(found.isEmpty() ? "" : "/").append(names.getFirst());
    }
    return Optional.of(found.toString());
  }
}
