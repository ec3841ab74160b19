package io.diskwright.format.vmdk;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * What changes in a seSparse extent while it is written.
 *
 * @param at where it was read, in bytes
 * @param replayJournal whether the journal holds what the tables do not have yet
 */
record SeSparseVolatileHeader(long at, boolean replayJournal) {

  private static final String NAME = "seSparse volatile header";
  private static final int SIZE = 512;
  private static final long MAGIC = 0xcafecafeL;
  private static final int REPLAY_JOURNAL_AT = 24;

  /**
   * Reads the header.
   *
   * @param sector where the constant header says it is, up to {@link Sectors#MAX}
   */
  static SeSparseVolatileHeader read(ByteSource file, long sector) throws IOException {
    return parse(file.view(NAME, Sectors.toBytes(sector), SIZE, ByteOrder.LITTLE_ENDIAN));
  }

  /** Reads one sector. */
  static SeSparseVolatileHeader parse(ByteView view) throws ImageException {
    if (view.u64(0) != MAGIC) {
      throw view.corrupt("magic", 0, Fault.number(view.u64(0)), Fault.number(MAGIC));
    }
    return new SeSparseVolatileHeader(view.offset(), view.u64(REPLAY_JOURNAL_AT) != 0);
  }

  /** Refuses an extent whose tables are not complete without its journal. */
  void requireClean(ByteSource file) throws UnsupportedFeature {
    if (replayJournal) {
      throw new UnsupportedFeature(
          file.describe(),
          NAME + " replay_journal",
          at + REPLAY_JOURNAL_AT,
          "a journal to be replayed: the host went down while the disk was written",
          "an extent that was closed",
          "Start and stop the machine on its host once, or clone the disk there, and copy it"
              + " again");
    }
  }
}
