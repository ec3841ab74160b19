package io.diskwright.volume;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides which table describes a disk, and has it read. */
final class TableReader {

  private static final int SECTOR = PartitionTable.SECTOR;

  private final VirtualDisk disk;
  private final Window window;
  private final List<TableProblem> problems = new ArrayList<>();

  TableReader(VirtualDisk disk) {
    this.disk = disk;
    this.window = Window.of(disk);
  }

  PartitionTable read() throws IOException {
    Optional<ByteView> sector = window.little(0, SECTOR);
    if (sector.isEmpty()) {
      return new PartitionTable(
          PartitionTable.Kind.NONE,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          false);
    }
    MasterBootRecord record = MasterBootRecord.parse(sector.get());
    var gptReader = new GptReader(window);
    Optional<Gpt> gpt = gptReader.read();
    boolean sector4096 = gpt.isEmpty() && hasLargeSectors();
    return switch (kind(record, gpt, sector4096)) {
      case NONE -> table(PartitionTable.Kind.NONE, record, gpt, List.of(), sector4096);
      case MBR -> {
        var reader = new MbrReader(window, record);
        List<Partition> partitions = reader.read();
        problems.addAll(reader.problems());
        reportRemains(record, gpt);
        yield table(PartitionTable.Kind.MBR, record, gpt, partitions, sector4096);
      }
      case GPT -> {
        reportProtection(record);
        if (gpt.isEmpty()) {
          reportMissingGpt(sector4096);
        }
        problems.addAll(gptReader.problems());
        yield table(PartitionTable.Kind.GPT, record, gpt, gptReader.partitions(), sector4096);
      }
    };
  }

  private PartitionTable table(
      PartitionTable.Kind kind,
      MasterBootRecord record,
      Optional<Gpt> gpt,
      List<Partition> partitions,
      boolean sector4096) {
    Optional<MasterBootRecord> mbr =
        record.signature55AA() ? Optional.of(record) : Optional.empty();
    return new PartitionTable(kind, mbr, gpt, partitions, problems, sector4096);
  }

  private PartitionTable.Kind kind(MasterBootRecord record, Optional<Gpt> gpt, boolean sector4096)
      throws IOException {
    if (record.isProtective()) {
      return gpt.isPresent() || sector4096 || !record.isHybrid()
          ? PartitionTable.Kind.GPT
          : PartitionTable.Kind.MBR;
    }
    boolean blank = record.entries().stream().noneMatch(MbrEntry::used);
    if (blank && gpt.isPresent() && gpt.get().inUse().isPresent()) {
      // Reformatted disks keep old GPTs; one is believed only where nothing else is to be found.
      return VolumeProbe.probe(disk, 0, disk.size()).isEmpty()
          ? PartitionTable.Kind.GPT
          : PartitionTable.Kind.NONE;
    }
    if (!record.signature55AA()) {
      return PartitionTable.Kind.NONE;
    }
    if (MbrReader.fits(record, disk.size() / SECTOR)) {
      // Even over the remains of a FAT: the code of a boot sector does not look like this.
      return PartitionTable.Kind.MBR;
    }
    if (blank || BootSectorProbes.isBootSector(window)) {
      return VolumeProbe.probe(disk, 0, disk.size()).isEmpty()
          ? PartitionTable.Kind.MBR
          : PartitionTable.Kind.NONE;
    }
    return MbrReader.hasIndicators(record) ? PartitionTable.Kind.MBR : PartitionTable.Kind.NONE;
  }

  private boolean hasLargeSectors() throws IOException {
    Optional<ByteView> sector = window.little(4096, SECTOR);
    if (sector.isEmpty()) {
      return false;
    }
    Optional<GptHeader> header = GptHeader.parse(sector.get());
    return header.isPresent() && header.get().headerCrcValid() && header.get().myLba() == 1;
  }

  /** Linux and the firmware look at a GPT only when an EE entry starts at sector 1. */
  private void reportProtection(MasterBootRecord record) {
    if (!record.isProtective()) {
      problems.add(
          new TableProblem(
              true, "protective MBR", MbrEntry.TABLE_OFFSET, "none", "an entry of type EE"));
      return;
    }
    if (record.entries().stream().noneMatch(e -> e.protective() && e.firstLba() == 1)) {
      MbrEntry entry = record.entries().stream().filter(MbrEntry::protective).findFirst().get();
      problems.add(
          new TableProblem(
              true,
              "protective MBR entry " + entry.index() + " start",
              entry.offset() + 8,
              "sector " + Fault.number(entry.firstLba()),
              "sector 1"));
    }
  }

  private void reportMissingGpt(boolean sector4096) {
    problems.add(
        new TableProblem(
            true,
            "GPT header",
            SECTOR,
            sector4096 ? "none here, one at byte 4096: sectors of 4096 bytes" : "none",
            sector4096 ? "sectors of 512 bytes" : "EFI PART"));
  }

  private void reportRemains(MasterBootRecord record, Optional<Gpt> gpt) {
    if (record.isProtective()) {
      problems.add(
          new TableProblem(
              true, "GPT header", SECTOR, "none", "EFI PART, since the MBR has an entry EE"));
    } else if (gpt.isPresent()) {
      problems.add(
          new TableProblem(
              false,
              "GPT header",
              gpt.get().primary().isPresent() ? SECTOR : gpt.get().backupLba() * SECTOR,
              "the remains of a GPT",
              "none, since no MBR entry has type EE"));
    }
  }
}
