package io.diskwright.validate.rule;

import io.diskwright.disk.DiskImage;
import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Profile;
import io.diskwright.validate.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Asks one rule about one image. */
public final class Judge {

  private static final Set<String> JUDGED = ConcurrentHashMap.newKeySet();

  private final String rule;
  private final String profile;

  private final boolean deep;

  private Judge(String rule, String profile, boolean deep) {
    this.rule = rule;
    this.profile = profile;
    this.deep = deep;
  }

  /** Asks a rule by its id. */
  public static Judge by(String rule) {
    return new Judge(rule, "alibaba", false);
  }

  /** Asks by another profile than the default. */
  public Judge in(String otherProfile) {
    return new Judge(rule, otherProfile, deep);
  }

  /** Asks for a walk of the structures too. */
  public Judge deep() {
    return new Judge(rule, profile, true);
  }

  /** For rules about the guest's files. */
  public Outcome of(TestGuest guest) {
    return of(guest, TestImage.empty(40L << 30));
  }

  /** For rules about the guest's files and the disk's structures, which need not agree. */
  public Outcome of(TestGuest guest, DiskImage image) {
    var subject =
        new Subject(Path.of("there-is-no-such-file"), image, Profile.named(profile), deep);
    try (var facts = new Facts(subject, guest.build())) {
      return judged(facts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome judged(Facts facts) throws IOException {
    Outcome outcome = Objects.requireNonNull(Rules.all().get(rule), rule).check(facts);
    JUDGED.add(rule + " " + outcome.status());
    return outcome;
  }

  /** Which rules were seen to come to what, in this run: {@code linux.boot.config-present PASS}. */
  public static Set<String> judged() {
    return Set.copyOf(JUDGED);
  }

  /** For rules that do not look at the file. */
  Outcome of(DiskImage image) {
    return of(Path.of("there-is-no-such-file"), image);
  }

  Outcome of(Path file, DiskImage image) {
    try (var facts = new Facts(new Subject(file, image, Profile.named(profile)))) {
      return judged(facts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
