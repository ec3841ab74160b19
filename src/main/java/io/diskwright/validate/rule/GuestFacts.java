package io.diskwright.validate.rule;

import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.guest.Guest;
import io.diskwright.guest.Mount;
import io.diskwright.guest.boot.BootSetup;
import io.diskwright.guest.network.NetworkSetup;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.guest.os.Unknown;
import io.diskwright.guest.packages.Packages;
import io.diskwright.guest.service.Services;
import io.diskwright.validate.Confidence;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Profile;
import io.diskwright.validate.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What rules ask about the files of a guest. What a rule could not read is kept, so that it does
 * not pass by what it did not see. For one thread.
 */
public final class GuestFacts {

  private final Guest guest;
  private final Profile profile;
  private final @Nullable OperatingSystem os;
  private final @Nullable Path root;
  private final Map<String, String> hidden = new HashMap<>();
  private final Map<Class<?>, Provided> provided = new HashMap<>();
  private final Set<Unknown> unread = new LinkedHashSet<>();
  private @Nullable GuestReader reader;

  /** Facts about one guest. */
  GuestFacts(Guest guest, Profile profile) throws IOException {
    this.guest = guest;
    this.profile = profile;
    this.os = guest.os().orElse(null);
    this.root = guest.files().map(TreeFileSystem::root).orElse(null);
    for (Mount mount : guest.mounts().mounts()) {
      if (!mount.shown()) {
        hidden.put(mount.entry().file(), mount.entry().spec() + ": " + mount.reason());
      }
    }
  }

  private record Provided(Object value, GuestReader reader) {}

  /** Reads something that several rules ask for. */
  @FunctionalInterface
  public interface Provider<T> {
    /** Reads it; called once for a guest. */
    T read(GuestReader reader) throws IOException;
  }

  /** Whose requirements count. */
  public Profile profile() {
    return profile;
  }

  /** The guest. */
  public Guest guest() {
    return guest;
  }

  /** The guest's system. */
  public OperatingSystem os() {
    return Objects.requireNonNull(os);
  }

  /** Reads the guest's files; what it could not read keeps the rule from passing. */
  public GuestReader files() {
    GuestReader current = reader;
    if (current == null) {
      current = newReader();
      reader = current;
    }
    return current;
  }

  /** Something that is read once for all rules. */
  public <T> T shared(Class<T> type, Provider<T> provider) throws IOException {
    Provided known = provided.get(type);
    if (known == null) {
      GuestReader own = newReader();
      known = new Provided(provider.read(own), own);
      provided.put(type, known);
    }
    unread.addAll(known.reader().unknowns());
    return type.cast(known.value());
  }

  /**
   * The kernel's command line of the default boot entry, with a blank before and behind; a single
   * blank when it is not known.
   */
  public String bootOptions() throws IOException {
    return boot().flatMap(BootSetup::defaultEntry).map(e -> " " + e.options() + " ").orElse(" ");
  }

  /** How it is started; empty when no boot loader's configuration was found. */
  public Optional<BootSetup> boot() throws IOException {
    return shared(BootHolder.class, r -> new BootHolder(BootSetup.read(r))).boot();
  }

  private record BootHolder(Optional<BootSetup> boot) {}

  /** The services it starts. */
  public Services services() throws IOException {
    return shared(Services.class, r -> Services.of(r, os()));
  }

  /** How it configures its network. */
  public NetworkSetup network() throws IOException {
    Services services = services();
    return shared(NetworkSetup.class, r -> NetworkSetup.read(r, os(), services));
  }

  /** The packages it has; empty when it has no database that is known. */
  public Packages packages() throws IOException {
    return shared(Packages.class, Packages::read);
  }

  private GuestReader newReader() {
    return new GuestReader(Objects.requireNonNull(root), hidden);
  }

  /** Judges by one check. */
  Outcome judge(Rule.FilesCheck check) throws IOException {
    if (os == null || root == null) {
      return withoutSystem(guest);
    }
    reader = null;
    unread.clear();
    Outcome outcome = check.judge(this);
    if (reader != null) {
      unread.addAll(reader.unknowns());
    }
    if (outcome.status() == Status.PASS && !unread.isEmpty()) {
      Unknown first = unread.iterator().next();
      return Outcome.unknown(
          "Not everything could be read: " + first.what() + ": " + first.reason(),
          unread.stream()
              .map(u -> Evidence.of(u.what(), u.reason()))
              .limit(8)
              .toArray(Evidence[]::new));
    }
    return outcome.confidence() == Confidence.PROVED && isStale() ? outcome.derived() : outcome;
  }

  /** Files of a filesystem that was not unmounted may be older than what a mount would show. */
  private boolean isStale() throws IOException {
    Optional<TreeFileSystem> files = guest.files();
    return files.isPresent() && !files.get().tree().facts().clean();
  }

  /** The outcome of rules about a system where none was found, with the reason. */
  public static Outcome withoutSystem(Guest guest) throws IOException {
    List<Unknown> unknowns = guest.unknowns();
    return unknowns.isEmpty()
        ? Outcome.unknown("No operating system was found on the disk.")
        : Outcome.unknown(
            "The guest's root was not found: "
                + unknowns.getFirst().what()
                + ": "
                + unknowns.getFirst().reason());
  }
}
