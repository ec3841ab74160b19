package io.diskwright.validate.rule;

import io.diskwright.guest.GuestFamily;
import io.diskwright.guest.PartitionRole;
import io.diskwright.io.ByteView;
import io.diskwright.validate.Evidence;
import io.diskwright.volume.Partition;
import io.diskwright.volume.Volume;
import io.diskwright.volume.VolumeContent;
import io.diskwright.volume.VolumeProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must not be in a volume: LVM, RAID, encryption, dynamic disks, swap. */
final class VolumeRules {

  private static final Set<String> LVM = Set.of("LVM2_member", "LVM1_member");
  private static final Set<String> RAID =
      Set.of("linux_raid_member", "ddf_raid_member", "isw_raid_member", "bcache", "zfs_member");
  private static final Set<String> ENCRYPTED = Set.of("crypto_LUKS", "BitLocker");
  private static final Set<String> SWAP = Set.of("swap", "swsuspend");

  private static final int BTRFS_SUPERBLOCK = 0x10000;
  private static final int EXT_SUPERBLOCK = 1024;
  private static final int EXT_ENCRYPT = 0x10000;

  private VolumeRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("partition.no-lvm", VolumeRules::noLvm),
        Rule.of("partition.no-raid", VolumeRules::noRaid),
        Rule.of("partition.no-encryption", VolumeRules::noEncryption),
        Rule.of("partition.no-dynamic-disk", VolumeRules::noDynamicDisk),
        Rule.of("partition.no-swap", VolumeRules::noSwap));
  }

  private static Outcome noLvm(Facts facts) throws IOException {
    if (facts.family() == GuestFamily.WINDOWS) {
      return Layout.onlyForLinux();
    }
    List<Volume> found = Layout.with(facts, LVM);
    if (!found.isEmpty()) {
      long largest = found.stream().mapToLong(Volume::length).max().orElseThrow();
      List<Volume> roots = Layout.rootCandidates(facts);
      var outcome =
          Outcome.fail("A partition belongs to LVM.", Naming.evidence(found, "a filesystem"));
      if (roots.isEmpty()) {
        return outcome;
      }
      // Beside a larger plain filesystem LVM need not hold the root, which is then a warning.
      return roots.stream().allMatch(v -> v.length() < largest)
          ? outcome.derived()
          : outcome.heuristic();
    }
    return declaredOr(facts, PartitionRole.LVM, "LVM", Outcome.pass("No volume belongs to LVM."));
  }

  private static Outcome noRaid(Facts facts) throws IOException {
    if (facts.family() == GuestFamily.WINDOWS) {
      return Layout.onlyForLinux();
    }
    List<Volume> found = Layout.with(facts, RAID);
    if (!found.isEmpty()) {
      return Outcome.fail(
          "A volume is a member of an array or a pool.", Naming.evidence(found, "a filesystem"));
    }
    Optional<VolumeContent> whole = VolumeProbe.probe(facts.disk(), 0, facts.size());
    if (whole.isPresent() && RAID.contains(whole.get().type())) {
      return Outcome.fail(
          "The whole disk is a member of an array or a pool.",
          new Evidence("the whole disk", whole.get().type(), "no array"));
    }
    for (Volume volume : Layout.with(facts, Set.of("btrfs"))) {
      Optional<ByteView> superblock =
          facts.bytes("btrfs superblock", volume.start() + BTRFS_SUPERBLOCK, 256);
      long devices = superblock.isPresent() ? superblock.get().u64(0x88) : 1;
      if (devices != 1) {
        return Outcome.fail(
            "A btrfs needs several devices.",
            new Evidence(
                Naming.of(volume) + " btrfs num_devices", Long.toUnsignedString(devices), "1"));
      }
    }
    return declaredOr(
        facts, PartitionRole.RAID, "a RAID", Outcome.pass("No volume belongs to an array."));
  }

  /** A partition whose type promises something that its content does not show decides nothing. */
  private static Outcome declaredOr(Facts facts, PartitionRole role, String what, Outcome otherwise)
      throws IOException {
    Optional<Outcome> hidden = Layout.hidden(facts);
    if (hidden.isPresent()) {
      return hidden.get();
    }
    for (Volume volume : facts.volumes()) {
      if (volume.content().isEmpty()
          && volume.partition().map(PartitionRole::of).filter(r -> r == role).isPresent()) {
        return Outcome.unknown(
            "The type of "
                + Naming.of(volume)
                + " says "
                + what
                + ", but its content is not known.");
      }
    }
    return otherwise;
  }

  private static Outcome noEncryption(Facts facts) throws IOException {
    List<Volume> found = Layout.with(facts, ENCRYPTED);
    if (!found.isEmpty()) {
      return Outcome.fail("A volume is encrypted.", Naming.evidence(found, "no encryption"));
    }
    Optional<Outcome> hidden = Layout.hidden(facts);
    if (hidden.isPresent()) {
      return hidden.get();
    }
    if (facts.volumes().isEmpty()) {
      return Outcome.unknown("No volume was found.");
    }
    boolean derived = false;
    for (Volume volume : facts.volumes()) {
      if (volume.content().isEmpty()) {
        if (Entropy.looksRandom(facts, volume)) {
          return Outcome.unknown(
              "The content of " + Naming.of(volume) + " looks random: it may be encrypted.");
        }
        derived = true;
      } else if (hasEncryptFeature(facts, volume)) {
        return Outcome.unknown(
            "The ext4 on "
                + Naming.of(volume)
                + " can encrypt folders; whether the system's are"
                + " is not told from outside.");
      }
    }
    var pass = Outcome.pass("No volume is encrypted.");
    return derived ? pass.derived() : pass;
  }

  private static boolean hasEncryptFeature(Facts facts, Volume volume) throws IOException {
    if (!volume.content().map(c -> c.type().equals("ext4")).orElse(false)) {
      return false;
    }
    Optional<ByteView> superblock =
        facts.bytes("ext superblock", volume.start() + EXT_SUPERBLOCK, 512);
    return superblock.isPresent() && (superblock.get().u32(0x60) & EXT_ENCRYPT) != 0;
  }

  private static Outcome noDynamicDisk(Facts facts) throws IOException {
    List<Volume> volumes = Layout.with(facts, Set.of("LDM"));
    List<Partition> partitions = new ArrayList<>(facts.partitions(PartitionRole.DYNAMIC_DISK));
    partitions.addAll(facts.partitions(PartitionRole.STORAGE_SPACE));
    Optional<ByteView> header = facts.bytes("LDM private header", 6 * 512, 512);
    if (!volumes.isEmpty() || (header.isPresent() && header.get().startsWith(0, "PRIVHEAD"))) {
      return Outcome.fail(
          "The disk is a dynamic disk of Windows.",
          new Evidence("sector 6 or partition", "PRIVHEAD", "none"));
    }
    if (!partitions.isEmpty()) {
      return Outcome.fail(
          "The disk is a dynamic disk or belongs to a storage space of Windows.",
          partitions.stream()
              .map(p ->
                  new Evidence("partition " + p.number() + " type", p.type(), "a basic disk's"))
              .toList());
    }
    if (facts.family() == GuestFamily.LINUX || facts.family() == GuestFamily.BSD) {
      return Outcome.notApplicable("The guest is no Windows.");
    }
    return facts.table().isDamaged() ? Layout.damaged() : Outcome.pass("The disk is a basic disk.");
  }

  private static Outcome noSwap(Facts facts) throws IOException {
    if (facts.family() == GuestFamily.WINDOWS) {
      return Layout.onlyForLinux();
    }
    List<Volume> found = Layout.with(facts, SWAP);
    if (!found.isEmpty()) {
      return Outcome.fail("A partition is swap space.", Naming.evidence(found, "a filesystem"));
    }
    List<Volume> declared =
        facts.volumes().stream()
            .filter(v -> v.content().isEmpty())
            .filter(
                v -> v.partition().map(PartitionRole::of).equals(Optional.of(PartitionRole.SWAP)))
            .toList();
    if (!declared.isEmpty()) {
      return Outcome.fail(
              "A partition is meant as swap space by its type.",
              Naming.evidence(declared, "a filesystem"))
          .heuristic();
    }
    Optional<Outcome> hidden = Layout.hidden(facts);
    if (hidden.isPresent()) {
      return hidden.get();
    }
    List<Evidence> logical =
        facts.guest().volumes().stream()
            .filter(v -> SWAP.contains(v.type()))
            .map(v -> new Evidence(v.name(), v.type(), "a filesystem"))
            .toList();
    if (!logical.isEmpty()) {
      return Outcome.fail("A logical volume is swap space.", logical);
    }
    boolean read =
        Layout.with(facts, LVM).isEmpty()
            || facts.guest().volumes().stream().anyMatch(v -> v.partition().isEmpty());
    return read
        ? Outcome.pass("No volume is swap space.")
        : Outcome.unknown("Swap space may lie in LVM, whose volumes are not read.");
  }
}
