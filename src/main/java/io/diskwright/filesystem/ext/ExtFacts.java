package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.Fault;
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

  private ExtFacts() {}

  static FilesystemFacts of(ExtVolume volume, long volumeSize, JournalReplay replay)
      throws IOException {
    Superblock superblock = volume.superblock();
    List<Problem> problems = new ArrayList<>(replay.problems());
    if (superblock.hasUninitializedGroups()) {
      descriptors(volume, problems);
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
    counters(superblock, problems);
    Orphans orphans = Orphans.of(volume);
    orphans.damage().map(Problem::of).ifPresent(problems::add);
    return new FilesystemFacts(
        superblock.type(),
        superblock.label(),
        superblock.uuidText(),
        superblock.blockSize(),
        size,
        volumeSize,
        Math.clamp(superblock.freeBlocksCount(), 0, superblock.blocksCount()),
        OptionalLong.of(superblock.inodesCount()),
        OptionalLong.of(superblock.freeInodesCount()),
        superblock.isClean() && !superblock.needsRecovery(),
        superblock.hasErrors(),
        replay.recovery(),
        orphans.inodes().size(),
        Features.names(superblock.compat(), superblock.incompat(), superblock.roCompat()),
        details(superblock, replay),
        problems);
  }

  /** Their checksums; without the feature they have none. */
  private static void descriptors(ExtVolume volume, List<Problem> problems) throws IOException {
    long groups = volume.superblock().groups();
    for (long group = 0; group < groups && problems.size() < MAX_PROBLEMS; group++) {
      try {
        volume.checkDescriptor(group);
      } catch (ImageException e) {
        problems.add(Problem.of(e));
      }
    }
  }

  private static void counters(Superblock superblock, List<Problem> problems) {
    long free = superblock.freeBlocksCount();
    if (free < 0 || free > superblock.blocksCount()) {
      problems.add(
          new Problem(
              "superblock s_free_blocks_count",
              Superblock.OFFSET + 0xc,
              Fault.number(free),
              "at most the blocks there are, " + superblock.blocksCount()));
    }
    if (superblock.freeInodesCount() > superblock.inodesCount()) {
      problems.add(
          new Problem(
              "superblock s_free_inodes_count",
              Superblock.OFFSET + 0x10,
              Fault.number(superblock.freeInodesCount()),
              "at most the inodes there are, " + superblock.inodesCount()));
    }
  }

  private static Map<String, String> details(Superblock superblock, JournalReplay replay) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("inode size", Integer.toString(superblock.inodeSize()));
    if (superblock.clusterBits() > 0) {
      details.put(
          "cluster size", Long.toString((long) superblock.blockSize() << superblock.clusterBits()));
    }
    if (superblock.reservedBlocksCount() > 0) {
      details.put("reserved blocks", Long.toString(superblock.reservedBlocksCount()));
    }
    if (!superblock.lastMounted().isEmpty()) {
      details.put("last mounted on", superblock.lastMounted());
    }
    if (superblock.errorCount() != 0) {
      details.put("errors", Long.toString(superblock.errorCount()));
    }
    if (replay.transactions() > 0 || replay.recovery() == Recovery.REPLAYED) {
      details.put(
          "journal",
          replay.transactions() + " transactions replayed, " + replay.blocks().size() + " blocks");
    }
    return details;
  }
}
