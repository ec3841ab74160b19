package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.Problem;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Compares the file allocation tables that are to be the same. */
final class TableComparison {

  private static final int PIECE = 1 << 18;

  private final FatVolume volume;
  private final BootSector boot;
  private final Consumer<Problem> problems;

  TableComparison(FatVolume volume, Consumer<Problem> problems) {
    this.volume = volume;
    this.boot = volume.boot();
    this.problems = problems;
  }

  void run() throws IOException {
    if (!boot.isMirrored()) {
      return;
    }
    for (int copy = 1; copy < boot.numberOfFats(); copy++) {
      long difference = firstDifference(copy);
      if (difference >= 0) {
        problems.accept(
            new Problem(
                "FAT " + copy,
                boot.fatOffset(copy) + difference,
                "another byte than in FAT 0 at " + Fault.number(difference),
                "tables that are the same"));
      }
    }
  }

  /** Bytes from the start of a table; -1 when the part that is used is the same. */
  private long firstDifference(int copy) throws IOException {
    long end = Math.ceilDiv((boot.clusters() + 2) * boot.kind().entryBits(), Byte.SIZE);
    for (long at = 0; at < end; at += PIECE) {
      int length = (int) Math.min(PIECE, end - at);
      ByteBuffer first = read(boot.fatOffset(0) + at, length);
      int mismatch = first.mismatch(read(boot.fatOffset(copy) + at, length));
      if (mismatch >= 0) {
        return at + mismatch;
      }
    }
    return -1;
  }

  private ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    volume.content().read(offset, bytes);
    return bytes.flip();
  }
}
