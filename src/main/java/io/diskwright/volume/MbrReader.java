package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the partitions of a master boot record, and the chain of the logical ones. */
final class MbrReader {

  /** Linux numbers no more than this many logical partitions in any table. */
  static final int MAX_LOGICAL = 128;

  private static final int SECTOR = PartitionTable.SECTOR;
  private static final int FIRST_LOGICAL = 5;

  private final Window window;
  private final MasterBootRecord record;
  private final long sectors;
  private final List<Partition> primaries = new ArrayList<>();
  private final List<Partition> logicals = new ArrayList<>();
  private final Set<Long> visited = new HashSet<>();
  private final List<TableProblem> problems = new ArrayList<>();

  MbrReader(Window window, MasterBootRecord record) {
    this.window = window;
    this.record = record;
    this.sectors = window.length() / SECTOR;
  }

  /** Whether each boot indicator is 0x00 or 0x80, without which Linux sees no table. */
  static boolean hasIndicators(MasterBootRecord record) {
    return record.entries().stream().allMatch(e -> e.status() == 0 || e.active());
  }

  /** Whether there are partitions and all of them fit the disk and each other. */
  static boolean fits(MasterBootRecord record, long sectors) {
    List<MbrEntry> used =
        record.entries().stream()
            .filter(MbrEntry::used)
            .sorted(Comparator.comparingLong(MbrEntry::firstLba))
            .toList();
    long end = 1;
    for (MbrEntry entry : used) {
      if (entry.firstLba() < end || entry.endLba() > sectors) {
        return false;
      }
      end = entry.endLba();
    }
    return !used.isEmpty();
  }

  List<TableProblem> problems() {
    return problems;
  }

  List<Partition> read() throws IOException {
    for (MbrEntry entry : record.entries()) {
      if (entry.status() != 0 && !entry.active()) {
        report(
            entry,
            " boot indicator",
            String.format(Locale.ROOT, "0x%02x", entry.status()),
            "0x00 or 0x80");
      }
      if (entry.used()) {
        addPrimary(entry);
      }
    }
    Overlaps.report("MBR", primaries, problems);
    for (MbrEntry entry : record.entries()) {
      if (entry.extended()) {
        walk(entry);
      }
    }
    Overlaps.report("EBR chain", logicals, problems);
    List<Partition> all = new ArrayList<>(primaries);
    all.addAll(logicals);
    return all;
  }

  private void addPrimary(MbrEntry entry) {
    if (entry.firstLba() == 0) {
      report(entry, " start", "sector 0", "sector 1 or later");
    }
    if (entry.endLba() > sectors) {
      report(
          entry,
          "",
          span(entry.firstLba(), entry.endLba()),
          "inside the disk's " + Fault.number(sectors) + " sectors");
    }
    primaries.add(
        partition(
            entry.index(),
            entry.firstLba(),
            entry,
            entry.extended() ? Partition.Kind.EXTENDED : Partition.Kind.PRIMARY));
  }

  private void walk(MbrEntry container) throws IOException {
    long lba = container.firstLba();
    while (true) {
      if (!visited.add(lba)) {
        report("EBR chain", lba, "a record that was already read", "a chain that ends");
        return;
      }
      if (visited.size() > MAX_LOGICAL) {
        report("EBR chain", lba, "more than " + MAX_LOGICAL + " records", "at most that many");
        return;
      }
      Optional<ByteView> sector =
          lba < sectors ? window.little(lba * SECTOR, SECTOR) : Optional.empty();
      if (sector.isEmpty()) {
        report(
            "EBR",
            lba,
            "a record past the end",
            "inside the disk's " + Fault.number(sectors) + " sectors");
        return;
      }
      ExtendedBootRecord ebr = ExtendedBootRecord.parse(sector.get(), lba);
      if (!ebr.signature55AA()) {
        reportUnsigned(container, lba);
        return;
      }
      if (ebr.logical().isPresent()) {
        addLogical(container, ebr, ebr.logical().get());
      }
      if (ebr.link().isEmpty()) {
        return;
      }
      lba = container.firstLba() + ebr.link().get().firstLba();
    }
  }

  /** A container nothing was ever put into has no record at all. */
  private void reportUnsigned(MbrEntry container, long lba) {
    problems.add(
        new TableProblem(
            lba != container.firstLba(), "EBR signature", lba * SECTOR + 510, "none", "55 AA"));
  }

  private void addLogical(MbrEntry container, ExtendedBootRecord ebr, MbrEntry entry) {
    long start = ebr.lba() + entry.firstLba();
    long end = start + entry.sectors();
    if (entry.firstLba() == 0 || start < container.firstLba() || end > container.endLba()) {
      report(
          "EBR entry",
          ebr.lba(),
          span(start, end),
          "inside its container, "
              + span(container.firstLba(), container.endLba())
              + ", after its record");
    } else if (end > sectors) {
      report(
          "EBR entry",
          ebr.lba(),
          span(start, end),
          "inside the disk's " + Fault.number(sectors) + " sectors");
    }
    logicals.add(partition(FIRST_LOGICAL + logicals.size(), start, entry, Partition.Kind.LOGICAL));
  }

  private static Partition partition(
      int number, long startLba, MbrEntry entry, Partition.Kind kind) {
    return new Partition(
        number,
        startLba * SECTOR,
        entry.sectors() * SECTOR,
        String.format(Locale.ROOT, "%02x", entry.type()),
        entry.active(),
        "",
        kind);
  }

  private static String span(long start, long end) {
    return "sectors " + start + " to " + (end - 1);
  }

  private void report(MbrEntry entry, String field, String found, String allowed) {
    problems.add(
        new TableProblem(
            true, "MBR entry " + entry.index() + field, entry.offset(), found, allowed));
  }

  private void report(String structure, long lba, String found, String allowed) {
    problems.add(new TableProblem(true, structure, lba * SECTOR, found, allowed));
  }
}
