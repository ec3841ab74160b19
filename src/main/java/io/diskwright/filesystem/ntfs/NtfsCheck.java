package io.diskwright.filesystem.ntfs;

import io.diskwright.filesystem.Problem;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Compares {@code $Bitmap} with the runs of all files, and the bitmap of {@code $MFT} with the
 * records in use. Memory is bounded by going over the records once for each window of clusters.
 */
final class NtfsCheck {

  private static final long WINDOW = 1L << 28;

  private final NtfsVolume volume;
  private final Consumer<Problem> problems;
  private final long clusters;

  NtfsCheck(NtfsVolume volume, Consumer<Problem> problems) {
    this.volume = volume;
    this.problems = problems;
    this.clusters = volume.clusters();
  }

  void run() throws IOException {
    attempt(this::compareRecords);
    attempt(this::compareMirror);
    long[] used = new long[(int) (Math.min(WINDOW, clusters) / Long.SIZE) + 1];
    for (long first = 0; first < clusters; first += WINDOW) {
      long start = first;
      Arrays.fill(used, 0);
      eachRecord(volume, problems, record -> mark(record, start, used));
      attempt(() -> compareClusters(start, used));
    }
    new NameCheck(volume, problems).run();
  }

  /** Does something that may be refused. */
  @FunctionalInterface
  interface Attempt {
    void run() throws IOException;
  }

  private void attempt(Attempt attempt) throws IOException {
    attempt(problems, attempt);
  }

  static void attempt(Consumer<Problem> problems, Attempt attempt) throws IOException {
    try {
      attempt.run();
    } catch (ImageException e) {
      problems.accept(Problem.of(e));
    }
  }

  /** Does something with a record in use. */
  @FunctionalInterface
  interface Visitor {
    void visit(FileRecord record) throws IOException;
  }

  /** Visits the records that say they are in use; those that cannot be read are told once. */
  static void eachRecord(NtfsVolume volume, Consumer<Problem> problems, Visitor visitor)
      throws IOException {
    for (long number = 0; number < volume.records(); number++) {
      FileRecord record;
      try {
        record = volume.recordAt(number);
      } catch (ImageException e) {
        // Where it is in use, comparing with the bitmap has told of it.
        continue;
      }
      if (record.isInUse()) {
        attempt(problems, () -> visitor.visit(record));
      }
    }
  }

  private void compareRecords() throws IOException {
    NtfsFile mft = volume.file(NtfsVolume.MFT);
    List<Attribute> pieces = mft.pieces(Attribute.BITMAP, "");
    if (pieces.isEmpty()) {
      problems.accept(new Problem("file record 0", -1, "no $BITMAP", "the records in use"));
      return;
    }
    var bitmap = new BitField(NtfsStream.open(volume, pieces));
    for (long number = 0; number < volume.records(); number++) {
      long at = number;
      boolean marked = bitmap.get(number);
      if (marked) {
        attempt(() -> compareRecord(at, volume.recordAt(at).isInUse(), true));
      } else if (isInUse(number)) {
        compareRecord(at, true, false);
      }
    }
  }

  private void compareRecord(long number, boolean inUse, boolean marked) {
    if (inUse != marked && number >= NtfsVolume.FIRST_USER) {
      problems.accept(
          new Problem(
              "$MFT bitmap",
              -1,
              "record " + number + (marked ? " in use" : " free"),
              "what the record says"));
    }
  }

  /** A record that was never used may hold anything. */
  private boolean isInUse(long number) throws IOException {
    try {
      return volume.recordAt(number).isInUse();
    } catch (ImageException e) {
      return false;
    }
  }

  /** Compares the copy of the first records with them, numbers of writes left out. */
  private void compareMirror() throws IOException {
    var mirror = volume.file(NtfsVolume.MFT_MIRROR).stream(volume, "");
    int recordSize = volume.boot().recordSize();
    for (int number = 0; number < NtfsVolume.MIRRORED; number++) {
      var copy =
          FixUp.read(
              mirror, "$MFTMirr record " + number, "FILE", (long) number * recordSize, recordSize);
      var record = volume.recordView(number);
      if (!Arrays.equals(FixUp.withoutNumbers(copy), FixUp.withoutNumbers(record))) {
        problems.accept(
            new Problem(
                "$MFTMirr record " + number, copy.offset(), "another content", "that of $MFT"));
      }
    }
  }

  /** Marks the runs of the pieces that a record holds, wherever the file's base record is. */
  private void mark(FileRecord record, long first, long[] used) throws IOException {
    for (Attribute attribute : record.attributes()) {
      if (!attribute.nonResident()) {
        continue;
      }
      Runs runs = Runs.ofPiece(attribute, clusters);
      for (int i = 0; i < runs.count(); i++) {
        if (runs.lcn(i) != Runs.SPARSE
            && !markRun(runs.lcn(i), runs.end(i) - runs.start(i), first, used)) {
          problems.accept(
              new Problem(
                  attribute.structure(),
                  attribute.view().offset(),
                  "clusters of " + runs.lcn(i) + " on",
                  "clusters that nothing else uses"));
          return;
        }
      }
    }
  }

  /** False when one was in use already. */
  private boolean markRun(long lcn, long length, long first, long[] used) {
    long from = Math.max(lcn, first);
    long to = Math.min(lcn + length, Math.min(clusters, first + WINDOW));
    for (long cluster = from; cluster < to; cluster++) {
      int word = (int) ((cluster - first) / Long.SIZE);
      long bit = 1L << (cluster - first);
      if ((used[word] & bit) != 0) {
        return false;
      }
      used[word] |= bit;
    }
    return true;
  }

  private void compareClusters(long first, long[] used) throws IOException {
    var bitmap = new BitField(volume.file(NtfsVolume.BITMAP).stream(volume, ""));
    long end = Math.min(clusters, first + WINDOW);
    long wrong = 0;
    long example = 0;
    for (long cluster = first; cluster < end; cluster++) {
      long word = used[(int) ((cluster - first) / Long.SIZE)];
      if (bitmap.get(cluster) != ((word >>> (cluster - first) & 1) != 0)) {
        wrong++;
        example = cluster;
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
}
