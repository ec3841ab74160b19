package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What a journal's complete transactions put into the filesystem.
 *
 * @param blocks by the number of a filesystem's block, where its newest content lies
 * @param transactions how many are complete
 * @param problems why the journal, or its end, could not be applied
 */
record JournalReplay(
    Recovery recovery, Map<Long, Copy> blocks, int transactions, List<Problem> problems) {

  /**
   * A block's content in the journal.
   *
   * @param block the filesystem's block that holds it
   * @param escaped whether its first four bytes are the journal's magic, which zeros stand for
   */
  record Copy(long block, boolean escaped) {}

  static JournalReplay notNeeded() {
    return new JournalReplay(Recovery.NOT_NEEDED, Map.of(), 0, List.of());
  }

  static JournalReplay notPossible(Problem problem) {
    return new JournalReplay(Recovery.NEEDED, Map.of(), 0, List.of(problem));
  }

  /** The journal of a filesystem that needs recovery. */
  static JournalReplay of(ExtVolume volume) throws IOException {
    try {
      return new Journal(volume).replay();
    } catch (ImageException e) {
      return notPossible(Problem.of(e));
    }
  }

  /** The volume with what the journal holds in place. */
  ByteSource over(ByteSource volume, int blockSize) {
    return blocks.isEmpty() ? volume : new JournaledSource(volume, blockSize, blocks);
  }
}
