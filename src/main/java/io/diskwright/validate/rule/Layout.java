package io.diskwright.validate.rule;

import io.diskwright.guest.ContentFamily;
import io.diskwright.guest.PartitionRole;
import io.diskwright.validate.Evidence;
import io.diskwright.volume.Volume;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Questions about the volumes that several rules ask. */
final class Layout {

  private static final Set<String> CONTAINERS =
      Set.of(
          "crypto_LUKS",
          "BitLocker",
          "linux_raid_member",
          "ddf_raid_member",
          "isw_raid_member",
          "bcache",
          "VMFS_volume_member",
          "LDM");

  private static final Set<String> ROOTS =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "jfs", "reiserfs", "f2fs", "bcachefs", "ufs");

  private Layout() {}

  /** The volumes with one of these contents. */
  static List<Volume> with(Facts facts, Set<String> types) throws IOException {
    return facts.volumes().stream()
        .filter(v -> v.content().map(c -> types.contains(c.type())).orElse(false))
        .toList();
  }

  /** Volumes whose filesystem a Linux or BSD root may be on. */
  static List<Volume> rootCandidates(Facts facts) throws IOException {
    return with(facts, ROOTS);
  }

  /** Volumes that are not there to start the machine. */
  static List<Volume> withoutHelpers(Facts facts) throws IOException {
    return facts.volumes().stream()
        .filter(v -> v.partition().map(PartitionRole::of).filter(PartitionRole::isHelper).isEmpty())
        .toList();
  }

  /** Whether a volume is Windows'. */
  static boolean isWindows(Volume volume) {
    return volume.content().map(ContentFamily::of).equals(Optional.of(ContentFamily.WINDOWS));
  }

  /** An undecided rule when the table or a container keeps volumes out of sight. */
  static Optional<Outcome> hidden(Facts facts) throws IOException {
    if (facts.table().isDamaged()) {
      return Optional.of(damaged());
    }
    List<Volume> containers = with(facts, CONTAINERS);
    return containers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Outcome.unknown(
                "What lies inside " + Naming.of(containers.getFirst()) + " is not read.",
                Naming.evidence(containers, "a filesystem").toArray(new Evidence[0])));
  }

  static Outcome damaged() {
    return Outcome.unknown("The partition table is damaged, see partition.table-valid.");
  }

  static Outcome onlyForLinux() {
    return Outcome.notApplicable("The guest is Windows.");
  }
}
