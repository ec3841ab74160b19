package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What the superblock and the group descriptors tell. */
final class ExtFacts {

  /** A damaged table of descriptors is damaged after so many, too. */
  private static final int MAX_PROBLEMS = 20;

  private static final int MAX_ORPHANS = 1 << 20;

  private ExtFacts() {}

  static FilesystemFacts of(ExtVolume volume, long volumeSize, JournalReplay replay)
      throws IOException {
    Superblock superblock = volume.superblock();
    List<Problem> problems = new ArrayList<>(replay.problems());
    for (long group = 0; group < superblock.groups() && problems.size() < MAX_PROBLEMS; group++) {
      try {
        volume.checkDescriptor(group);
      } catch (ImageException e) {
        problems.add(Problem.of(e));
      }
    }
    long size = superblock.blocksCount() * superblock.blockSize();
    if (size > volumeSize) {
      problems.add(
          new Problem(
              "superblock s_blocks_count",
              Superblock.OFFSET + 4,
              size + " bytes",
              "at most the volume's " + volumeSize));
    }
    Map<String, String> details = new LinkedHashMap<>();
    if (replay.recovery() == Recovery.REPLAYED) {
      details.put(
          "journal",
          replay.transactions() + " transactions replayed, " + replay.blocks().size() + " blocks");
    }
    if (superblock.clusterBits() > 0) {
      details.put(
          "cluster size", Long.toString((long) superblock.blockSize() << superblock.clusterBits()));
    }
    return new FilesystemFacts(
        superblock.type(),
        superblock.label(),
        superblock.uuidText(),
        superblock.blockSize(),
        size,
        volumeSize,
        superblock.freeBlocksCount(),
        OptionalLong.of(superblock.inodesCount()),
        OptionalLong.of(superblock.freeInodesCount()),
        superblock.isClean() && !superblock.needsRecovery(),
        superblock.hasErrors(),
        replay.recovery(),
        orphans(volume, problems),
        Features.names(superblock.compat(), superblock.incompat(), superblock.roCompat()),
        details,
        problems);
  }

  /** The inodes on the list of those that were unlinked while open, or were being truncated. */
  private static long orphans(ExtVolume volume, List<Problem> problems) throws IOException {
    long count = 0;
    try {
      long number = volume.superblock().lastOrphan();
      while (number != 0 && count < MAX_ORPHANS) {
        // The time of deletion holds the next one's number.
        number = volume.inode(number).deletionTime();
        count++;
      }
      return count + orphanFile(volume);
    } catch (ImageException e) {
      problems.add(Problem.of(e));
      return count;
    }
  }

  private static long orphanFile(ExtVolume volume) throws IOException {
    Superblock superblock = volume.superblock();
    if ((superblock.roCompat() & Features.RO_COMPAT_ORPHAN_PRESENT) == 0) {
      return 0;
    }
    Inode inode = volume.inode(superblock.orphanFileInum());
    BlockMap map = BlockMap.of(volume, inode);
    // The last eight bytes of a block are its magic and its checksum.
    int entries = superblock.blockSize() / 4 - 2;
    long blocks = Math.min(inode.size() / superblock.blockSize(), MAX_ORPHANS / entries);
    long count = 0;
    for (long block = 0; block < blocks; block++) {
      BlockRun run = map.at(block);
      if (run.isStored()) {
        var view = volume.block("orphan file block " + block, run.physical());
        for (int i = 0; i < entries; i++) {
          count += view.u32(4 * i) != 0 ? 1 : 0;
        }
      }
    }
    return count;
  }
}
