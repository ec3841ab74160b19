package io.diskwright.validate.rule;

import io.diskwright.disk.DiskImage;
import io.diskwright.validate.Profile;
import io.diskwright.validate.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;

/** Asks one rule about one image. */
final class Judge {

  private final String rule;
  private final String profile;

  private Judge(String rule, String profile) {
    this.rule = rule;
    this.profile = profile;
  }

  static Judge by(String rule) {
    return new Judge(rule, "alibaba");
  }

  Judge in(String otherProfile) {
    return new Judge(rule, otherProfile);
  }

  /** For rules that do not look at the file. */
  Outcome of(DiskImage image) {
    return of(Path.of("there-is-no-such-file"), image);
  }

  Outcome of(Path file, DiskImage image) {
    try (var facts = new Facts(new Subject(file, image, Profile.named(profile)))) {
      return Objects.requireNonNull(Rules.all().get(rule)).check(facts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
