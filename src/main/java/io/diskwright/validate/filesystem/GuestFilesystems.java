package io.diskwright.validate.filesystem;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.guest.Guest;
import io.diskwright.guest.GuestRoot;
import io.diskwright.guest.GuestVolume;
import io.diskwright.guest.Mount;
import io.diskwright.io.ImageException;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.rule.Facts;
import io.diskwright.validate.rule.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The filesystems of a guest as the rules about them see them. */
final class GuestFilesystems {

  /** What is no filesystem, or holds others. */
  private static final Set<String> OTHER =
      Set.of("", "swap", "swsuspend", "LVM2_member", "jbd", "linux_raid_member", "crypto_LUKS");

  private GuestFilesystems() {}

  /** A filesystem that is read. */
  record Sound(GuestVolume volume, FilesystemFacts facts) {
    Evidence evidence(String field, String observed, String expected) {
      return new Evidence(volume.name() + " " + facts.type() + " " + field, observed, expected);
    }
  }

  /** The filesystems that are read, and why others are not. */
  record Seen(List<Sound> sound, List<Evidence> unread) {

    /** The outcome for rules that want all of them: passes only when all were seen. */
    Outcome passOr(String pass) {
      if (!unread.isEmpty()) {
        return Outcome.unknown(
            "Not every filesystem is read: " + unread.getFirst().observed(),
            unread.toArray(new Evidence[0]));
      }
      return sound.isEmpty() ? Outcome.unknown("No filesystem was found.") : Outcome.pass(pass);
    }
  }

  static Seen of(Facts facts) throws IOException {
    List<Sound> sound = new ArrayList<>();
    List<Evidence> unread = new ArrayList<>();
    for (GuestVolume volume : facts.guest().volumes()) {
      if (volume.tree().isPresent()) {
        try {
          sound.add(new Sound(volume, volume.tree().get().facts()));
        } catch (ImageException e) {
          unread.add(Evidence.of(volume.name(), e.fault().message()));
        }
      } else if (!OTHER.contains(volume.type()) || volume.refusal().isPresent()) {
        unread.add(Evidence.of(volume.name(), volume.why()));
      }
    }
    return new Seen(sound, unread);
  }

  /** The volume the system's root lies on. */
  static Optional<GuestVolume> root(Facts facts) throws IOException {
    return facts.guest().roots().stream().map(GuestRoot::volume).findFirst();
  }

  /** Where a volume is mounted: {@code /} for the root's, empty for nowhere. */
  static String mountPoint(Facts facts, GuestVolume volume) throws IOException {
    Guest guest = facts.guest();
    if (root(facts).filter(r -> r.name().equals(volume.name())).isPresent()) {
      return "/";
    }
    return guest.mounts().mounts().stream()
        .filter(m -> m.volume().filter(v -> v.name().equals(volume.name())).isPresent())
        .map(Mount::entry)
        .map(e -> e.file())
        .findFirst()
        .orElse("");
  }
}
