package io.diskwright.validate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A profile that a user wrote: what differs from one of diskwright's. What is not known is refused.
 */
final class ProfileFile {

  private ProfileFile() {}

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException when it is none; the message names file, field and value
   */
  static Profile read(Path file) throws IOException {
    try {
      Resource own = Resource.read(file);
      Resource base = Profile.resource(own.text("extends"));
      checkNames(own, base);
      return Profile.of(own.over(base));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IllegalArgumentException(file + " is no profile: " + e.getMessage(), e);
    }
  }

  private static void checkNames(Resource own, Resource base) {
    Set<String> known = new HashSet<>(Set.of("extends", "severity"));
    Profile.resources().forEach(profile -> known.addAll(profile.fields().keySet()));
    check("field", own.fields().keySet(), known);
    if (own.fields().containsKey("guest")) {
      check(
          "field of guest",
          own.object("guest").fields().keySet(),
          base.object("guest").fields().keySet());
    }
    Catalogue catalogue = Catalogue.load();
    for (Map.Entry<String, String> severity : own.textsByName("severity").entrySet()) {
      if (catalogue.find(severity.getKey()).isEmpty()) {
        throw new IllegalArgumentException(
            "there is no rule " + severity.getKey() + "; 'diskwright rules' lists them");
      }
      try {
        Rating.parse(severity.getValue());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            severity.getKey()
                + " has the severity '"
                + severity.getValue()
                + "', not E, W, i or off",
            e);
      }
    }
  }

  private static void check(String what, Set<String> found, Set<String> known) {
    for (String name : found) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            what
                + " "
                + name
                + " is not known; there are "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }
}
