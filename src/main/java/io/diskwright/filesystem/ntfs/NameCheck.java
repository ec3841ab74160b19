package io.diskwright.filesystem.ntfs;

import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.ntfs.IndexNode.IndexEntry;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Compares directories with the names that the files have, and those with their counts. Memory is
 * bounded by going over the directories once for each window of records.
 */
final class NameCheck {

  private static final int WINDOW = 1 << 23;

  private final NtfsVolume volume;
  private final Consumer<Problem> problems;

  NameCheck(NtfsVolume volume, Consumer<Problem> problems) {
    this.volume = volume;
    this.problems = problems;
  }

  void run() throws IOException {
    for (long first = 0; first < volume.records(); first += WINDOW) {
      long start = first;
      var counted = new char[(int) Math.min(WINDOW, volume.records() - first)];
      NtfsCheck.eachRecord(volume, problems, record -> count(record, start, counted));
      NtfsCheck.eachRecord(volume, problems, record -> compare(record, start, counted));
    }
  }

  /** Counts the entries of a directory; each is looked at when its file's window comes. */
  private void count(FileRecord record, long first, char[] counted) throws IOException {
    if (!record.isBase() || !record.isDirectory()) {
      return;
    }
    DirectoryIndex.Cursor cursor = DirectoryIndex.of(volume, NtfsFile.of(volume, record)).cursor();
    String previous = "";
    for (IndexEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      String name = entry.key().map(FileName::name).orElse("");
      if (first == 0 && volume.upperCase().compare(previous, name) > 0) {
        tell(
            record.number(), "index entry '" + name + "' behind '" + previous + "'", "their order");
      }
      previous = name;
      long number = entry.reference() & FileRecord.NUMBER_MASK;
      if (first == 0 && number >= volume.records()) {
        tell(record.number(), "index entry of file record " + number, "a record that there is");
      }
      long index = number - first;
      if (index >= 0 && index < counted.length) {
        if (counted[(int) index] < Character.MAX_VALUE) {
          counted[(int) index]++;
        }
        IndexEntry found = entry;
        NtfsCheck.attempt(problems, () -> checkEntry(record, found));
      }
    }
  }

  private void checkEntry(FileRecord directory, IndexEntry entry) throws IOException {
    NtfsFile file = volume.file(entry.reference());
    Optional<FileName> key = entry.key();
    boolean named =
        file.names().stream()
            .anyMatch(name ->
                name.parentNumber() == directory.number()
                    && key.isPresent()
                    && name.name().equals(key.get().name()));
    if (!named) {
      tell(
          file.record().number(),
          "no name '" + key.map(FileName::name).orElse("") + "' in " + directory.number(),
          "the names that directories have for it");
    }
  }

  private void compare(FileRecord record, long first, char[] counted) throws IOException {
    long index = record.number() - first;
    if (!record.isBase() || index < 0 || index >= counted.length) {
      return;
    }
    int names = NtfsFile.of(volume, record).names().size();
    if (names != counted[(int) index]) {
      tell(
          record.number(),
          names + " names",
          (int) counted[(int) index] + ", as the directories have it");
    }
    if (names != record.links() && record.number() >= NtfsVolume.FIRST_USER) {
      tell(record.number(), record.links() + " links", names + ", as many as names");
    }
  }

  private void tell(long record, String found, String expected) {
    problems.accept(new Problem("file record " + record, -1, found, expected));
  }
}
