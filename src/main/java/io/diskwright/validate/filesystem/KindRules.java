package io.diskwright.validate.filesystem;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.guest.FstabEntry;
import io.diskwright.guest.GuestFamily;
import io.diskwright.guest.GuestVolume;
import io.diskwright.guest.Mount;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.GuestRequirements;
import io.diskwright.validate.Severity;
import io.diskwright.validate.rule.Facts;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Of what kind the system's filesystems are. */
final class KindRules {

  private static final Set<String> NATIVE =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "jfs", "reiserfs", "f2fs", "bcachefs", "ufs");
  private static final Set<String> READ_ONLY = Set.of("squashfs", "erofs", "iso9660");

  private KindRules() {}

  static Outcome rootType(Facts facts) throws IOException {
    Optional<GuestVolume> root = GuestFilesystems.root(facts);
    boolean derived = false;
    if (root.isEmpty()) {
      // The only filesystem that a root can be on is it, even where it is not read.
      List<GuestVolume> candidates =
          facts.guest().volumes().stream().filter(v -> isCandidate(v.type())).toList();
      if (candidates.size() != 1
          || candidates.getFirst().tree().isPresent()
          || candidates.getFirst().refusal().isPresent()) {
        return GuestFacts.withoutSystem(facts.guest());
      }
      root = Optional.of(candidates.getFirst());
      derived = true;
    }
    GuestVolume volume = root.get();
    Outcome outcome = judge(facts, volume, facts.family());
    return derived ? outcome.derived() : outcome;
  }

  private static boolean isCandidate(String type) {
    return NATIVE.contains(type) || type.equals("zfs_member");
  }

  private static Outcome judge(Facts facts, GuestVolume volume, GuestFamily family) {
    String type = volume.type();
    GuestRequirements wanted = facts.profile().guest();
    List<String> allowed =
        family == GuestFamily.WINDOWS ? List.of("ntfs") : wanted.rootFilesystems();
    var evidence =
        new Evidence(
            volume.name() + " filesystem",
            type,
            allowed.isEmpty() ? "any" : String.join(", ", allowed));
    if (type.isEmpty()) {
      return Outcome.unknown("The type of the root's filesystem is not known.");
    }
    if (allowed.isEmpty() || allowed.contains(type)) {
      return Outcome.pass("The root is on " + type + ".", evidence);
    }
    if (family == GuestFamily.BSD && type.equals("ufs")) {
      return Outcome.pass("The root is on ufs, which is taken for FreeBSD.", evidence).derived();
    }
    var failed = Outcome.fail("The root is on " + type + ".", evidence);
    return wanted.toleratedFilesystems().contains(type) ? failed.atMost(Severity.WARNING) : failed;
  }

  static Outcome supportedFeatures(Facts facts) throws IOException {
    Optional<GuestVolume> root = GuestFilesystems.root(facts);
    if (root.isEmpty()) {
      return GuestFacts.withoutSystem(facts.guest());
    }
    if (root.get().tree().isEmpty() || facts.family() == GuestFamily.WINDOWS) {
      return Outcome.notApplicable("The root is on neither ext nor XFS.");
    }
    FilesystemFacts filesystem = root.get().tree().get().facts();
    List<Evidence> found = new ArrayList<>();
    for (String unwanted : facts.profile().guest().unwantedFeatures()) {
      List<String> together = List.of(unwanted.split("\\+", -1));
      if (filesystem.features().containsAll(together)) {
        found.add(
            new Evidence(
                root.get().name() + " " + filesystem.type() + " features",
                String.join(" and ", together),
                "without"));
      }
    }
    return found.isEmpty()
        ? Outcome.pass("The root's filesystem has no feature that the importer's tools lack.")
        : Outcome.fail(
            "The root's filesystem has a feature with which the importer does not resize it.",
            found);
  }

  static Outcome rootNotReadOnly(Facts facts) throws IOException {
    Optional<GuestVolume> root = GuestFilesystems.root(facts);
    if (root.isEmpty()) {
      return GuestFacts.withoutSystem(facts.guest());
    }
    if (facts.family() == GuestFamily.WINDOWS) {
      return Outcome.notApplicable("The guest is Windows.");
    }
    if (READ_ONLY.contains(root.get().type())) {
      return Outcome.fail(
          "The root is on a filesystem that cannot be written to.",
          new Evidence(root.get().name() + " filesystem", root.get().type(), "one for writing"));
    }
    if (root.get().tree().isPresent()) {
      for (String feature : root.get().tree().get().facts().features()) {
        if (feature.equals("read-only") || feature.equals("shared_blocks")) {
          return Outcome.fail(
              "The root's filesystem is marked as never to be written to.",
              new Evidence(root.get().name() + " features", feature, "without"));
        }
      }
    }
    for (Mount mount : facts.guest().mounts().mounts()) {
      FstabEntry entry = mount.entry();
      if (entry.file().equals("/") && entry.mntops().contains("ro")) {
        return Outcome.fail(
            "/etc/fstab mounts the root read-only.",
            new Evidence(
                "/etc/fstab:" + entry.line(), String.join(",", entry.mntops()), "rw or defaults"));
      }
    }
    return Outcome.pass("The root is writable.");
  }
}
