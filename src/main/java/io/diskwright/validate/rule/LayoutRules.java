package io.diskwright.validate.rule;

import io.diskwright.guest.GuestFamily;
import io.diskwright.guest.GuestRoot;
import io.diskwright.guest.PartitionRole;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.volume.Partition;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.Volume;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How the disk is divided. */
final class LayoutRules {

  private static final int SECTOR = PartitionTable.SECTOR;
  private static final int BLOCK = 4096;

  /** Sectors that a GPT keeps free behind the last partition for its backup. */
  private static final long GPT_TAIL = 33L * SECTOR;

  private static final Set<String> LVM = Set.of("LVM2_member", "LVM1_member");

  private LayoutRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("partition.single-root", LayoutRules::singleRoot),
        Rule.of("partition.multi-ok", LayoutRules::multiOk),
        Rule.of("partition.root-last", LayoutRules::rootLast),
        Rule.of("partition.growable", LayoutRules::growable),
        Rule.of("partition.alignment", LayoutRules::alignment));
  }

  /**
   * Several partitions with content fail whatever is in them; that a single one is the root and
   * holds {@code /boot} is the filesystem's to prove.
   */
  private static Outcome singleRoot(Facts facts) throws IOException {
    List<Volume> volumes = Layout.withoutHelpers(facts);
    if (facts.family() == GuestFamily.WINDOWS) {
      return Layout.onlyForLinux();
    }
    if (facts.table().isDamaged()) {
      return Layout.damaged();
    }
    List<Volume> filled = volumes.stream().filter(v -> v.content().isPresent()).toList();
    if (filled.stream().anyMatch(Layout::isWindows)) {
      return Outcome.unknown("There are volumes of Windows; whether this is a Linux is not known.");
    }
    if (filled.size() > 1) {
      var outcome =
          Outcome.fail(
              filled.size() + " partitions have content; only the root may.",
              Naming.evidence(filled, "one root filesystem"));
      return facts.partitions(PartitionRole.COREOS_USR).isEmpty()
          ? outcome
          : outcome.derived().atMost(Severity.INFO);
    }
    if (filled.isEmpty()) {
      return Outcome.unknown("No volume's content is known.");
    }
    if (volumes.size() > filled.size()) {
      return Outcome.unknown("There are partitions whose content is not known.");
    }
    List<GuestRoot> roots = facts.guest().roots();
    if (roots.isEmpty()) {
      return Outcome.unknown(
          "There is one partition with content; no operating system's root was found on it.",
          Naming.evidence(filled, "one root filesystem").toArray(new Evidence[0]));
    }
    return roots.getFirst().volume().partition().isPresent()
            || filled.getFirst().partition().isEmpty()
        ? Outcome.pass("The root is the only volume.")
        : Outcome.fail(
            "The root lies in a volume group, not on a partition of its own.",
            new Evidence(
                Naming.of(filled.getFirst()),
                roots.getFirst().volume().name(),
                "one root filesystem"));
  }

  private static Outcome multiOk(Facts facts) throws IOException {
    return switch (facts.family()) {
      case LINUX, BSD -> Outcome.notApplicable("The guest is no Windows.");
      case UNKNOWN -> Outcome.unknown("Whether the guest is Windows is not known.");
      case WINDOWS ->
          Outcome.pass(
              "Windows may have several partitions; there are " + facts.volumes().size() + ".",
              Naming.evidence(facts.volumes(), "").toArray(new Evidence[0]));
    };
  }

  private static Outcome rootLast(Facts facts) throws IOException {
    if (facts.family() == GuestFamily.WINDOWS) {
      return Layout.onlyForLinux();
    }
    if (facts.table().isDamaged()) {
      return Layout.damaged();
    }
    if (facts.table().kind() == PartitionTable.Kind.NONE) {
      return Outcome.notApplicable("There is no partition table.");
    }
    List<GuestRoot> found = facts.guest().roots();
    if (!found.isEmpty()) {
      return isLast(facts, found.getFirst());
    }
    if (!Layout.with(facts, LVM).isEmpty()) {
      return Outcome.unknown("The root may lie in LVM, where none was found.");
    }
    List<Volume> roots = Layout.rootCandidates(facts);
    if (roots.isEmpty()) {
      return Outcome.unknown("No volume was found that a root may be on.");
    }
    Volume last =
        facts.volumes().stream()
            .max(Comparator.comparingLong(v -> v.start() + v.length()))
            .orElseThrow();
    if (!roots.contains(last)) {
      // Content that is not known may be the root on a filesystem that is not known here.
      return last.content().isEmpty() && !helper(last)
          ? Outcome.unknown("The content of the last partition is not known.")
          : Outcome.fail(
              "The last partition is not the root.",
              Naming.evidence(List.of(last), "the root filesystem"));
    }
    return roots.size() == 1 && facts.family() != GuestFamily.UNKNOWN
        ? Outcome.pass("The only partition that can be the root is the last.").derived()
        : Outcome.unknown("Which volume is the root needs the guest's files.");
  }

  private static Outcome isLast(Facts facts, GuestRoot root) throws IOException {
    if (root.volume().partition().isEmpty()) {
      return Outcome.unknown("The root lies in LVM, whose place on the disk may be anywhere.");
    }
    long rootEnd = end(root.volume().partition().get());
    return facts.table().partitions().stream()
            .filter(p -> p.kind() != Partition.Kind.EXTENDED)
            .allMatch(p -> end(p) <= rootEnd)
        ? Outcome.pass("The root is the last partition.")
        : Outcome.fail(
            "The root is not the last partition.",
            new Evidence(root.volume().name(), "the root", "behind all others"));
  }

  private static long end(Partition partition) {
    return partition.start() + partition.length();
  }

  private static boolean helper(Volume volume) {
    return volume.partition().map(PartitionRole::of).filter(PartitionRole::isHelper).isPresent();
  }

  private static Outcome growable(Facts facts) throws IOException {
    Optional<Outcome> unusable = unusable(facts);
    if (unusable.isPresent()) {
      return unusable.get();
    }
    long end =
        facts.table().partitions().stream().mapToLong(p -> p.start() + p.length()).max().orElse(0);
    long tail = facts.table().kind() == PartitionTable.Kind.GPT ? GPT_TAIL : 0;
    long free = facts.size() - end - tail;
    return free < Sizes.MIB
        ? Outcome.pass("The partitions take all of the disk.")
        : Outcome.fail(
            Sizes.binary(free)
                + " behind the last partition are not used yet; growpart takes"
                + " them at the first boot.",
            new Evidence("last partition", "ends at byte " + end, "byte " + (facts.size() - tail)));
  }

  private static Outcome alignment(Facts facts) throws IOException {
    Optional<Outcome> unusable = unusable(facts);
    if (unusable.isPresent()) {
      return unusable.get();
    }
    List<Partition> starts =
        facts.table().partitions().stream()
            .filter(p -> p.kind() != Partition.Kind.EXTENDED)
            .sorted(Comparator.comparingLong(Partition::start))
            .toList();
    List<Evidence> odd =
        starts.stream()
            .filter(
                p -> p.start() % BLOCK != 0 || (p == starts.getFirst() && p.start() < Sizes.MIB))
            .map(p ->
                new Evidence(
                    "partition " + p.number() + " start",
                    "sector " + p.start() / SECTOR,
                    "sector 2048 or later, a multiple of 8"))
            .toList();
    return odd.isEmpty()
        ? Outcome.pass("All partitions are aligned.")
        : Outcome.fail("Not all partitions are aligned.", odd);
  }

  private static Optional<Outcome> unusable(Facts facts) throws IOException {
    if (facts.table().isDamaged()) {
      return Optional.of(Layout.damaged());
    }
    return facts.table().partitions().isEmpty()
        ? Optional.of(Outcome.notApplicable("There are no partitions."))
        : Optional.empty();
  }
}
