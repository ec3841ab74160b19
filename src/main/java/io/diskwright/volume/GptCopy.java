package io.diskwright.volume;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * One of the two copies of a GUID partition table.
 *
 * @param lba the sector that was looked at
 * @param header what was found there
 * @param sound whether header and array can be used
 * @param entries the used entries, none when it is not sound
 * @param problems what is wrong with it
 */
record GptCopy(
    long lba,
    Optional<GptHeader> header,
    boolean sound,
    List<GptEntry> entries,
    List<TableProblem> problems) {

  /** More than any tool writes; Linux and Windows use 128. */
  static final int MAX_ENTRIES = 1024;

  private static final int SECTOR = PartitionTable.SECTOR;
  private static final int MIN_ENTRY = 128;
  private static final int MAX_ENTRY = 4096;
  private static final long REVISION_1_0 = 0x00010000;

  /** Whether the header is undamaged and says itself that it lies here. */
  boolean holdsItsPlace() {
    return header.isPresent() && header.get().headerCrcValid() && header.get().myLba() == lba;
  }

  static GptCopy read(Window window, String name, long lba) throws IOException {
    List<TableProblem> problems = new ArrayList<>();
    Optional<ByteView> sector = lba > 0 ? window.little(lba * SECTOR, SECTOR) : Optional.empty();
    Optional<GptHeader> header =
        sector.isPresent() ? GptHeader.parse(sector.get()) : Optional.empty();
    if (header.isEmpty()) {
      problems.add(problem(name, " header", lba, "none", GptHeader.SIGNATURE));
      return new GptCopy(lba, header, false, List.of(), problems);
    }
    GptHeader found = header.get();
    checkHeader(found, name, lba, window.length() / SECTOR, problems);
    List<GptEntry> entries = List.of();
    if (problems.isEmpty()) {
      entries = entries(window, found, name, problems);
    }
    boolean sound = problems.isEmpty();
    if (found.revision() != REVISION_1_0) {
      problems.add(
          problem(name, " header Revision", lba, hex(found.revision()), hex(REVISION_1_0)));
    }
    return new GptCopy(lba, header, sound, entries, problems);
  }

  private static void checkHeader(
      GptHeader header, String name, long lba, long sectors, List<TableProblem> problems) {
    if (header.headerSize() < GptHeader.FIELDS || header.headerSize() > SECTOR) {
      problems.add(
          problem(name, " header HeaderSize", lba, Fault.number(header.headerSize()), "92 to 512"));
    } else if (!header.headerCrcValid()) {
      problems.add(
          problem(
              name,
              " header HeaderCRC32",
              lba,
              hex(header.headerCrc32()),
              "the checksum of the header"));
    }
    if (header.myLba() != lba) {
      problems.add(
          problem(name, " header MyLBA", lba, Fault.number(header.myLba()), Fault.number(lba)));
    }
    long size = header.sizeOfPartitionEntry();
    if (size < MIN_ENTRY || size > MAX_ENTRY || Long.bitCount(size) != 1) {
      problems.add(
          problem(
              name,
              " header SizeOfPartitionEntry",
              lba,
              Fault.number(size),
              "a power of two from 128 to 4096"));
      return;
    }
    long count = header.numberOfPartitionEntries();
    if (count < 1 || count > MAX_ENTRIES) {
      problems.add(
          problem(
              name,
              " header NumberOfPartitionEntries",
              lba,
              Fault.number(count),
              "1 to " + MAX_ENTRIES));
      return;
    }
    long array = header.partitionEntryLba();
    long length = header.arraySectors();
    if (array < 2
        || array >= sectors
        || length > sectors - array
        || (lba >= array && lba - array < length)) {
      problems.add(
          problem(
              name,
              " header PartitionEntryLBA",
              lba,
              Fault.number(array),
              "an array of " + length + " sectors on the disk, apart from the headers"));
    }
  }

  private static List<GptEntry> entries(
      Window window, GptHeader header, String name, List<TableProblem> problems)
      throws IOException {
    int size = (int) header.sizeOfPartitionEntry();
    int length = (int) header.arrayBytes();
    ByteView array = window.little(header.partitionEntryLba() * SECTOR, length).orElseThrow();
    var crc = new CRC32();
    crc.update(array.bytes(0, length));
    if (crc.getValue() != header.partitionEntryArrayCrc32()) {
      problems.add(
          problem(
              name,
              " array PartitionEntryArrayCRC32",
              header.partitionEntryLba(),
              "entries with the checksum " + hex(crc.getValue()),
              hex(header.partitionEntryArrayCrc32())));
      return List.of();
    }
    List<GptEntry> entries = new ArrayList<>();
    for (int i = 0; i < length / size; i++) {
      GptEntry entry = GptEntry.parse(array, i * size, i + 1);
      if (entry.used()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static TableProblem problem(
      String name, String field, long lba, String found, String allowed) {
    return new TableProblem(true, name + field, Math.max(lba, 0) * SECTOR, found, allowed);
  }

  private static String hex(long value) {
    return String.format(Locale.ROOT, "0x%08x", value);
  }
}
