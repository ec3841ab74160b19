package io.diskwright.validate.rule;

import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.io.ByteView;
import io.diskwright.validate.Evidence;
import io.diskwright.volume.Gpt;
import io.diskwright.volume.GptHeader;
import io.diskwright.volume.Partition;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.Volume;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether there is a whole disk in the image. */
final class DiskRules {

  private static final int SECTOR = PartitionTable.SECTOR;
  private static final int MAX_EXTENTS = 4096;
  private static final int LARGE_SECTOR = 4096;
  private static final int EXFAT_SHIFT = 12;

  private DiskRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("disk.not-empty", DiskRules::notEmpty),
        Rule.of("disk.sector-size-512", DiskRules::sectorSize),
        Rule.of("disk.complete", DiskRules::complete));
  }

  private static Outcome notEmpty(Facts facts) throws IOException {
    List<Volume> filled = facts.volumes().stream().filter(v -> v.content().isPresent()).toList();
    if (!filled.isEmpty()) {
      return Outcome.pass(
          "There is data on the disk: "
              + filled.getFirst().content().get().type()
              + " on "
              + Naming.of(filled.getFirst())
              + ".");
    }
    if (facts.table().kind() == PartitionTable.Kind.NONE) {
      return isZero(facts, 0) && isZero(facts, Math.max(0, facts.size() - Sizes.MIB))
          ? Outcome.fail(
              "The disk is empty: no partition table, no filesystem.",
              new Evidence("first and last MiB", "zeros", "a partition table"))
          : Outcome.fail(
              "There is no partition table and no known filesystem on the disk.",
              new Evidence("first sector", "no partition table", "a partition table"));
    }
    for (Volume volume : facts.volumes()) {
      if (!isZero(facts, volume.start())) {
        return Outcome.pass("There is data in " + Naming.of(volume) + ".");
      }
    }
    return onlyZeros(facts)
        ? Outcome.fail(
            "There is a partition table, but nothing in the partitions.",
            new Evidence("stored data behind the table", "none", "a system"))
        : Outcome.unknown("The partitions start with zeros; what follows was not looked through.");
  }

  /** Whether the MiB from an offset on is all zero, or lies past the end. */
  private static boolean isZero(Facts facts, long offset) throws IOException {
    if (offset < 0 || offset >= facts.size()) {
      return true;
    }
    int length = (int) Math.min(Sizes.MIB, facts.size() - offset);
    Optional<ByteView> bytes = facts.bytes("disk", offset, length);
    return bytes.isEmpty() || bytes.get().isZero(0, length);
  }

  /** Whether the image's map proves that all behind the first MiB, but for a GPT, is zero. */
  private static boolean onlyZeros(Facts facts) throws IOException {
    long from = Math.min(Sizes.MIB, facts.size());
    long to = Math.max(from, facts.size() - Sizes.MIB);
    var cursor = new ExtentCursor(facts.disk(), from, to);
    for (int i = 0; i < MAX_EXTENTS; i++) {
      Extent extent = cursor.next();
      if (extent == null) {
        return true;
      }
      if (!(extent instanceof Extent.Zero)) {
        return false;
      }
    }
    return false;
  }

  private static Outcome sectorSize(Facts facts) throws IOException {
    PartitionTable table = facts.table();
    if (table.sector4096()) {
      return Outcome.fail(
          "The disk was partitioned with sectors of 4096 bytes.",
          new Evidence("GPT header", "at byte 4096", "at byte 512"));
    }
    for (Volume volume : facts.volumes()) {
      if (bootSectorSize(facts, volume) == LARGE_SECTOR) {
        return Outcome.fail(
            "A volume was made for sectors of 4096 bytes.",
            new Evidence(Naming.of(volume) + " boot sector, bytes per sector", "4096", "512"));
      }
    }
    if (table.kind() == PartitionTable.Kind.NONE) {
      return Outcome.notApplicable("There is no partition table.");
    }
    boolean found = facts.volumes().stream().anyMatch(v -> v.content().isPresent());
    return table.kind() == PartitionTable.Kind.GPT && !table.isDamaged() || found
        ? Outcome.pass("The partition table is right for sectors of 512 bytes.")
        : Outcome.unknown(
            "No partition's content shows whether the table counts 512-byte sectors.");
  }

  /** The sector size a FAT, exFAT or NTFS boot sector states; 0 where there is none. */
  private static long bootSectorSize(Facts facts, Volume volume) throws IOException {
    String type = volume.content().map(c -> c.type()).orElse("");
    Optional<ByteView> sector = facts.bytes("boot sector", volume.start(), SECTOR);
    if (sector.isEmpty()) {
      return 0;
    }
    return switch (type) {
      case "ntfs", "vfat" -> sector.get().u16(0x0B);
      case "exfat" -> sector.get().u8(0x6C) == EXFAT_SHIFT ? LARGE_SECTOR : 0;
      default -> 0;
    };
  }

  private static Outcome complete(Facts facts) throws IOException {
    var past = new ArrayList<Evidence>();
    long missing = pastTheEnd(facts, past);
    if (!past.isEmpty()) {
      return Outcome.fail("The image is truncated by " + Sizes.bytes(missing) + ".", past);
    }
    if (facts.table().isDamaged()) {
      return Outcome.unknown("The partition table is damaged, see partition.table-valid.");
    }
    boolean bounded =
        facts.table().kind() != PartitionTable.Kind.NONE
            || (!facts.volumes().isEmpty()
                && VolumeSize.of(facts, facts.volumes().getFirst()).isPresent());
    return bounded
        ? Outcome.pass("Everything the partition table and the filesystems name lies on the disk.")
        : Outcome.unknown("Nothing on the disk says where it should end.");
  }

  /** Collects what lies past the end of the disk. Returns how many bytes are missing. */
  private static long pastTheEnd(Facts facts, List<Evidence> past) throws IOException {
    long missing = 0;
    for (Partition partition : facts.table().partitions()) {
      missing =
          Math.max(missing, note(facts, past, "partition " + partition.number(), end(partition)));
    }
    Optional<GptHeader> primary =
        facts.table().gpt().filter(Gpt::primarySound).flatMap(Gpt::primary);
    if (primary.isPresent()
        && primary.get().alternateLba() > 0
        && primary.get().alternateLba() < Long.MAX_VALUE / SECTOR) {
      long end = (primary.get().alternateLba() + 1) * SECTOR;
      missing = Math.max(missing, note(facts, past, "GPT backup header", end));
    }
    for (Volume volume : facts.volumes()) {
      OptionalLong length = VolumeSize.of(facts, volume);
      if (length.isPresent() && length.getAsLong() <= Long.MAX_VALUE - volume.start()) {
        long end = volume.start() + length.getAsLong();
        missing = Math.max(missing, note(facts, past, "filesystem on " + Naming.of(volume), end));
      }
    }
    long file = facts.container().size();
    if (facts.info().subformat().equals("fixed") && file < facts.size()) {
      past.add(new Evidence("file length", Sizes.bytes(file), Sizes.bytes(facts.size())));
      missing = Math.max(missing, facts.size() - file);
    }
    return missing;
  }

  private static long end(Partition partition) {
    return partition.length() > Long.MAX_VALUE - partition.start()
        ? Long.MAX_VALUE
        : partition.start() + partition.length();
  }

  private static long note(Facts facts, List<Evidence> past, String what, long end) {
    if (end <= facts.size()) {
      return 0;
    }
    past.add(new Evidence(what, "ends at byte " + end, "at most " + facts.size()));
    return end - facts.size();
  }
}
