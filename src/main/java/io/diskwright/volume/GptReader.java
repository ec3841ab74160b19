package io.diskwright.volume;

import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads both copies of a GUID partition table and compares them. */
final class GptReader {

  private static final int SECTOR = PartitionTable.SECTOR;
  private static final long NOWHERE = -1;
  private static final long MAX_LBA = Long.MAX_VALUE / SECTOR - 1;

  private final Window window;
  private final long lastLba;
  private final List<TableProblem> problems = new ArrayList<>();
  private final List<Partition> partitions = new ArrayList<>();

  GptReader(Window window) {
    this.window = window;
    this.lastLba = window.length() / SECTOR - 1;
  }

  List<TableProblem> problems() {
    return problems;
  }

  List<Partition> partitions() {
    return partitions;
  }

  /** The table; empty when neither place of a header holds one. */
  Optional<Gpt> read() throws IOException {
    GptCopy primary = GptCopy.read(window, "GPT primary", 1);
    GptCopy backup = backup(primary);
    if (primary.header().isEmpty() && backup.header().isEmpty()) {
      return Optional.empty();
    }
    GptCopy used = primary.sound() ? primary : backup;
    boolean atEnd = backup.lba() == lastLba && backup.holdsItsPlace();
    // What is wrong with one copy is fatal only when the other does not make up for it.
    reportCopy(primary, !used.sound());
    reportCopy(backup, !used.sound());
    if (used.sound() && used.header().isPresent()) {
      reportDisagreement(primary, backup, atEnd);
      addPartitions(used.header().get(), used.entries());
    }
    return Optional.of(
        new Gpt(
            primary.header(),
            backup.header(),
            primary.sound(),
            backup.sound(),
            backup.header().isPresent() ? backup.lba() : NOWHERE,
            atEnd,
            used.entries()));
  }

  /** The copy in the last sector, or, if that is no good, a good one where the primary says. */
  private GptCopy backup(GptCopy primary) throws IOException {
    // On a disk of two sectors the last one is the primary's.
    GptCopy atEnd = GptCopy.read(window, "GPT backup", lastLba > 1 ? lastLba : NOWHERE);
    if (!atEnd.sound() && primary.header().isPresent() && primary.header().get().headerCrcValid()) {
      long alternate = primary.header().get().alternateLba();
      if (alternate > 1 && alternate < lastLba) {
        GptCopy inside = GptCopy.read(window, "GPT backup", alternate);
        if (inside.sound() || (atEnd.header().isEmpty() && inside.header().isPresent())) {
          return inside;
        }
      }
    }
    return atEnd;
  }

  private void reportCopy(GptCopy copy, boolean fatal) {
    for (TableProblem problem : copy.problems()) {
      problems.add(
          new TableProblem(
              fatal, problem.structure(), problem.offset(), problem.found(), problem.allowed()));
    }
  }

  private void reportDisagreement(GptCopy primary, GptCopy backup, boolean atEnd) {
    if (!atEnd && backup.header().isPresent()) {
      report(
          false,
          "GPT backup header",
          backup.lba(),
          "sector " + Fault.number(backup.lba()),
          "the disk's last sector, " + Fault.number(lastLba));
    }
    if (primary.sound() && backup.sound()) {
      GptHeader first = primary.header().get();
      GptHeader second = backup.header().get();
      if (first.alternateLba() != backup.lba()) {
        report(
            false,
            "GPT primary header AlternateLBA",
            1,
            Fault.number(first.alternateLba()),
            Fault.number(backup.lba()));
      }
      if (second.alternateLba() != 1) {
        report(
            false,
            "GPT backup header AlternateLBA",
            backup.lba(),
            Fault.number(second.alternateLba()),
            "1");
      }
      if (!first.describesSame(second)) {
        report(
            false,
            "GPT backup header",
            backup.lba(),
            "other contents than the primary's",
            "the same");
      }
    }
  }

  private void addPartitions(GptHeader header, List<GptEntry> entries) {
    long headerLba = header.myLba();
    if (header.lastUsableLba() < header.firstUsableLba()
        || header.firstUsableLba() < 0
        || header.lastUsableLba() > lastLba) {
      report(
          true,
          "GPT header LastUsableLBA",
          headerLba,
          Fault.number(header.lastUsableLba()),
          Fault.number(header.firstUsableLba())
              + " to below the disk's "
              + Fault.number(lastLba + 1)
              + " sectors");
    }
    for (GptEntry entry : entries) {
      addPartition(header, entry);
    }
    Overlaps.report("GPT", partitions, problems);
  }

  private void addPartition(GptHeader header, GptEntry entry) {
    long first = entry.startingLba();
    long last = entry.endingLba();
    boolean outsideDisk = first < 0 || last < first || last > lastLba;
    if (outsideDisk || first < header.firstUsableLba() || last > header.lastUsableLba()) {
      report(
          true,
          "GPT entry " + entry.index(),
          header.partitionEntryLba(),
          "sectors " + Fault.number(first) + " to " + Fault.number(last),
          outsideDisk
              ? "inside the disk's " + Fault.number(lastLba + 1) + " sectors"
              : "sectors " + header.firstUsableLba() + " to " + header.lastUsableLba());
    }
    if (first >= 0 && last >= first && last <= MAX_LBA) {
      partitions.add(
          new Partition(
              entry.index(),
              first * SECTOR,
              (last - first + 1) * SECTOR,
              Guid.text(entry.partitionTypeGuid()),
              entry.legacyBootable(),
              entry.partitionName(),
              Partition.Kind.GPT));
    }
  }

  private void report(boolean fatal, String structure, long lba, String found, String allowed) {
    problems.add(new TableProblem(fatal, structure, lba * SECTOR, found, allowed));
  }
}
