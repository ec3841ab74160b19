package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.List;

/**
 * What a journal's complete transactions put into the filesystem.
 *
 * @param blocks by the number of a filesystem's block, where its newest content lies, as {@link
 *     JournaledSource#copy} says
 * @param transactions how many are complete
 * @param problems why the journal, or its end, could not be applied
 */
record JournalReplay(
    Recovery recovery, LongTable blocks, int transactions, List<Problem> problems) {

  static JournalReplay notNeeded() {
    return new JournalReplay(Recovery.NOT_NEEDED, new LongTable(), 0, List.of());
  }

  /** The journal of a filesystem that needs recovery. */
  static JournalReplay of(ExtVolume volume) throws IOException {
    try {
      return new Replayer(Journal.of(volume)).run();
    } catch (ImageException e) {
      return new JournalReplay(Recovery.NEEDED, new LongTable(), 0, List.of(Problem.of(e)));
    }
  }

  /** The volume with what the journal holds in place. */
  ByteSource over(ByteSource volume, int blockSize) {
    return blocks.size() == 0 ? volume : new JournaledSource(volume, blockSize, blocks);
  }
}
