package io.diskwright.filesystem.ntfs;

import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.ntfs.IndexNode.IndexEntry;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Compares {@code $Bitmap} with the runs of all files, the bitmap of {@code $MFT} with the records
 * in use, and the directories with the names that the files have. Memory is bounded by going over
 * the records once for each window of clusters and of records.
 */
final class NtfsCheck {

  private static final long WINDOW_CLUSTERS = 1L << 28;
  private static final int WINDOW_RECORDS = 1 << 23;

  private final NtfsVolume volume;
  private final Consumer<Problem> problems;
  private final long clusters;

  NtfsCheck(NtfsVolume volume, Consumer<Problem> problems) {
    this.volume = volume;
    this.problems = problems;
    this.clusters = volume.boot().clusters();
  }

  void run() throws IOException {
    long window = Math.min(WINDOW_CLUSTERS, clusters);
    long[] used = new long[(int) (window / Long.SIZE) + 1];
    for (long first = 0; first < clusters; first += WINDOW_CLUSTERS) {
      Arrays.fill(used, 0);
      long start = first;
      eachRecord(record -> mark(record, start, used));
      attempt(() -> compareClusters(start, used));
    }
    attempt(this::compareRecords);
    for (long first = 0; first < volume.records(); first += WINDOW_RECORDS) {
      compareNames(first);
    }
  }

  /** Does something that may be refused. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException;
  }

  private void attempt(Attempt attempt) throws IOException {
    try {
      attempt.run();
    } catch (ImageException e) {
      problems.accept(Problem.of(e));
    }
  }

  /** Does something with a record in use. */
  @FunctionalInterface
  private interface Visitor {
    void visit(FileRecord record) throws IOException;
  }

  private void eachRecord(Visitor visitor) throws IOException {
    ByteSource bitmap = recordBitmap();
    for (long number = 0; number < volume.records(); number++) {
      long at = number;
      // A record that was never used has nothing to verify.
      if (isSet(bitmap, number)) {
        attempt(() -> {
          FileRecord record = volume.recordAt(at);
          if (record.isInUse()) {
            visitor.visit(record);
          }
        });
      }
    }
  }

  private ByteSource recordBitmap() throws IOException {
    NtfsFile mft = volume.file(NtfsVolume.MFT);
    List<Attribute> pieces = mft.pieces(Attribute.BITMAP, "");
    return pieces.isEmpty() ? mft.stream(volume, "") : NtfsStream.open(volume, pieces);
  }

  private static boolean isSet(ByteSource bitmap, long bit) throws IOException {
    if (bit / 8 >= bitmap.size()) {
      return false;
    }
    ByteBuffer one = ByteBuffer.allocate(1);
    bitmap.read(bit / 8, one);
    return (one.get(0) >> (bit % 8) & 1) != 0;
  }

  /** Marks the runs of the pieces that a record holds, wherever the file's base record is. */
  private void mark(FileRecord record, long first, long[] used) throws IOException {
    for (Attribute attribute : record.attributes()) {
      if (!attribute.nonResident()) {
        continue;
      }
      Runs runs = Runs.ofPiece(attribute, clusters);
      for (int i = 0; i < runs.count(); i++) {
        if (runs.lcn(i) != Runs.SPARSE) {
          markRun(attribute, runs.lcn(i), runs.end(i) - runs.start(i), first, used);
        }
      }
    }
  }

  private void markRun(Attribute attribute, long lcn, long length, long first, long[] used) {
    long from = Math.max(lcn, first);
    long to = Math.min(lcn + length, Math.min(clusters, first + WINDOW_CLUSTERS));
    for (long cluster = from; cluster < to; cluster++) {
      int word = (int) ((cluster - first) / Long.SIZE);
      long bit = 1L << (cluster - first);
      if ((used[word] & bit) != 0) {
        problems.accept(
            new Problem(
                attribute.structure(),
                attribute.view().offset(),
                "cluster " + cluster,
                "a cluster that nothing else uses"));
        return;
      }
      used[word] |= bit;
    }
  }

  private void compareClusters(long first, long[] used) throws IOException {
    ByteSource bitmap = volume.file(NtfsVolume.BITMAP).stream(volume, "");
    long end = Math.min(clusters, first + WINDOW_CLUSTERS);
    ByteBuffer block = ByteBuffer.allocate(1 << 16);
    long wrong = 0;
    long example = 0;
    for (long at = first / 8; at * 8 < end; at += block.capacity()) {
      block.clear().limit((int) Math.min(block.capacity(), (end + 7) / 8 - at));
      bitmap.read(at, block);
      for (long bit = 0; bit < block.limit() * 8L && at * 8 + bit < end; bit++) {
        long cluster = at * 8 + bit;
        boolean marked = (block.get((int) (bit / 8)) >> (bit % 8) & 1) != 0;
        boolean inUse =
            (used[(int) ((cluster - first) / Long.SIZE)] >>> (cluster - first) & 1) != 0;
        if (marked != inUse) {
          wrong++;
          example = cluster;
        }
      }
    }
    if (wrong > 0) {
      problems.accept(
          new Problem(
              "$Bitmap",
              -1,
              wrong + " bits that say otherwise, the last for cluster " + example,
              "what the files use"));
    }
  }

  private void compareRecords() throws IOException {
    ByteSource bitmap = recordBitmap();
    for (long number = NtfsVolume.FIRST_USER; number < volume.records(); number++) {
      long at = number;
      boolean marked = isSet(bitmap, number);
      attempt(() -> {
        if (isFormatted(at) && volume.recordAt(at).isInUse() != marked) {
          problems.accept(
              new Problem(
                  "$MFT bitmap",
                  -1,
                  "record " + at + (marked ? " in use" : " free"),
                  "what the record says"));
        }
      });
    }
  }

  /** Records behind those that were ever used may hold anything. */
  private boolean isFormatted(long number) throws IOException {
    try {
      volume.recordAt(number);
      return true;
    } catch (ImageException e) {
      return false;
    }
  }

  /** Counts the entries of all directories for one window of records, and compares. */
  private void compareNames(long first) throws IOException {
    var counted = new char[(int) Math.min(WINDOW_RECORDS, volume.records() - first)];
    eachRecord(record -> countNames(record, first, counted));
    eachRecord(record -> compareNames(record, first, counted));
  }

  private void countNames(FileRecord record, long first, char[] counted) throws IOException {
    if (!record.isBase() || !record.isDirectory()) {
      return;
    }
    DirectoryIndex.Cursor cursor = DirectoryIndex.of(volume, NtfsFile.of(volume, record)).cursor();
    for (IndexEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      long index = (entry.reference() & FileRecord.NUMBER_MASK) - first;
      if (index >= 0 && index < counted.length && counted[(int) index] < Character.MAX_VALUE) {
        counted[(int) index]++;
      }
      IndexEntry found = entry;
      attempt(() -> checkEntry(record, found));
    }
  }

  private void checkEntry(FileRecord directory, IndexEntry entry) throws IOException {
    NtfsFile file = volume.file(entry.reference());
    String name = entry.key().map(FileName::name).orElse("");
    boolean named =
        file.names().stream()
            .anyMatch(n -> n.parentNumber() == directory.number() && n.name().equals(name));
    if (!named) {
      problems.accept(
          new Problem(
              "file record " + file.record().number(),
              -1,
              "no name '" + name + "' in directory " + directory.number(),
              "the names that directories have for it"));
    }
  }

  private void compareNames(FileRecord record, long first, char[] counted) throws IOException {
    long index = record.number() - first;
    if (!record.isBase() || index < 0 || index >= counted.length) {
      return;
    }
    List<FileName> names = new ArrayList<>(NtfsFile.of(volume, record).names());
    if (names.size() != counted[(int) index]) {
      problems.accept(
          new Problem(
              "file record " + record.number(),
              -1,
              names.size() + " names",
              (int) counted[(int) index] + ", as the directories have it"));
    }
  }
}
