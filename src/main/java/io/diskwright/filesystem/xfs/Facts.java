package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/** Tells the facts from the superblock, the groups' headers and the log. For one use. */
final class Facts {

  /** Groups whose headers are looked at; ordinary filesystems have 4 to a few hundred. */
  private static final int MAX_GROUPS = 4096;

  /** Other copies of the superblock that are looked at. */
  private static final int MAX_COPIES = 3;

  private static final int MAX_ORPHANS = 10_000;

  private final Metadata metadata;
  private final SuperBlock superBlock;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, String> details = new TreeMap<>();
  private boolean clean;
  private long freeBlocks;
  private long inodes;
  private long freeInodes;
  private long orphans;

  Facts(Metadata metadata) {
    this.metadata = metadata;
    this.superBlock = metadata.superBlock();
  }

  FilesystemFacts read() throws IOException {
    Geometry geometry = metadata.geometry();
    log();
    size();
    copies();
    boolean counted = groups();
    boolean stale = !counters() || !clean && superBlock.features().hasLazyCount() && counted;
    details.put("version", metadata.isV5() ? "5" : "4");
    details.put("inode size", Integer.toString(geometry.inodeSize()));
    details.put("sector size", Integer.toString(superBlock.sectsize()));
    details.put("directory block size", Integer.toString(superBlock.directoryBlockSize()));
    details.put("allocation groups", Long.toString(geometry.agCount()));
    if (superBlock.rblocks() != 0) {
      details.put("realtime", superBlock.rblocks() + " blocks on another device, not read");
    }
    if (!superBlock.metaUuid().equals(superBlock.uuid())) {
      details.put("metadata uuid", superBlock.metaUuid().toString());
    }
    return new FilesystemFacts(
        "xfs",
        superBlock.fname(),
        uuid(superBlock.uuid()),
        geometry.blockSize(),
        geometry.blocks() << geometry.blockLog(),
        metadata.volume().size(),
        stale ? freeBlocks : superBlock.fdblocks(),
        OptionalLong.of(stale ? inodes : superBlock.icount()),
        OptionalLong.of(stale ? freeInodes : superBlock.ifree()),
        clean,
        superBlock.features().needsRepair(),
        clean ? Recovery.NOT_NEEDED : Recovery.NEEDED,
        orphans,
        superBlock.features().names(),
        Collections.unmodifiableMap(details),
        List.copyOf(problems));
  }

  private static String uuid(UUID uuid) {
    return uuid.getMostSignificantBits() == 0 && uuid.getLeastSignificantBits() == 0
        ? ""
        : uuid.toString();
  }

  private void log() throws IOException {
    if (superBlock.logstart() == 0) {
      details.put("log", "external, on another device: whether it is clean is unknown");
      return;
    }
    try {
      Log.State state = new Log(metadata).state();
      clean = state.clean();
      details.put("log", state.text());
    } catch (ImageException e) {
      details.put("log", "damaged: whether it is clean is unknown");
      problems.add(Problem.of(e));
    }
  }

  private void size() {
    Geometry geometry = metadata.geometry();
    long size = geometry.blocks() << geometry.blockLog();
    if (size > metadata.volume().size()) {
      problems.add(
          new Problem(
              "superblock dblocks",
              8,
              Fault.number(size) + " bytes of filesystem",
              "at most the volume's " + Fault.number(metadata.volume().size())));
    }
    if (superBlock.features().needsRepair()) {
      problems.add(
          new Problem(
              "superblock features_incompat",
              216,
              "needsrepair: a repair was begun and not finished",
              "xfs_repair run to its end"));
    }
  }

  /** Whether the superblock's counters can be right; when not, those of the groups are told. */
  private boolean counters() {
    long blocks = metadata.geometry().blocks();
    boolean possible =
        superBlock.fdblocks() >= 0
            && superBlock.fdblocks() <= blocks
            && superBlock.ifree() >= 0
            && superBlock.ifree() <= superBlock.icount();
    if (!possible) {
      problems.add(
          new Problem(
              "superblock fdblocks, icount, ifree",
              128,
              Fault.number(superBlock.fdblocks())
                  + ", "
                  + Fault.number(superBlock.icount())
                  + ", "
                  + Fault.number(superBlock.ifree()),
              "no more free than there are"));
    }
    return possible;
  }

  /** A few of the other superblocks must be of the same filesystem. */
  private void copies() throws IOException {
    long groups = metadata.geometry().agCount();
    for (long ag = 1; ag < Math.min(groups, 1 + MAX_COPIES); ag++) {
      try {
        copy(metadata, ag);
      } catch (ImageException e) {
        problems.add(Problem.of(e));
      }
    }
  }

  /** Checks the superblock of another group than the first against that. */
  static void copy(Metadata metadata, long ag) throws IOException {
    long offset = AgHeaders.offset(metadata, ag, 0);
    ByteView view =
        metadata.sealed(
            "superblock of group " + ag,
            offset,
            metadata.superBlock().sectsize(),
            SuperBlock.CRC_AT);
    if (!view.startsWith(0, SuperBlock.MAGIC)) {
      throw view.corrupt("magic", 0, Fault.number(view.u32(0)), SuperBlock.MAGIC);
    }
    if (!Geometry.parse(view).equals(metadata.geometry())) {
      throw view.corrupt("geometry", 4, "another one", "that of the first superblock");
    }
  }

  /** Looks at the groups' headers; whether all could be read. */
  private boolean groups() throws IOException {
    long groups = metadata.geometry().agCount();
    boolean all = groups <= MAX_GROUPS;
    if (!all) {
      details.put("allocation groups looked at", Integer.toString(MAX_GROUPS));
    }
    for (long ag = 0; ag < Math.min(groups, MAX_GROUPS); ag++) {
      if (AgHeaders.offset(metadata, ag, AgHeaders.FREE_LIST) >= metadata.volume().size()) {
        return false;
      }
      try {
        AgFreeList.read(metadata, ag);
        AgFreeSpace space = AgFreeSpace.read(metadata, ag);
        freeBlocks += space.freeblks() + space.flcount() + space.btreeblks();
        AgInodes header = AgInodes.read(metadata, ag);
        inodes += header.count();
        freeInodes += header.freecount();
        orphans(header, ag);
      } catch (ImageException e) {
        problems.add(Problem.of(e));
        all = false;
      }
    }
    return all;
  }

  private void orphans(AgInodes header, long ag) throws IOException {
    for (int bucket = 0; bucket < AgInodes.UNLINKED_BUCKETS; bucket++) {
      long inAg = header.unlinked(bucket);
      while (inAg != Inode.NULL_AG_INODE && orphans < MAX_ORPHANS) {
        orphans++;
        inAg = metadata.inode(metadata.geometry().inode(ag, inAg)).nextUnlinked();
      }
    }
  }
}
