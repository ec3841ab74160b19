package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks a whole filesystem: its groups, its inodes, and its directories. For one use. */
final class Check {

  private final Metadata metadata;
  private final SuperBlock superBlock;
  private final Report report;
  private final boolean clean;
  private InodeTable table = new InodeTable();
  private long free;
  private long inodes;
  private long freeInodes;
  private boolean complete = true;

  Check(Metadata metadata, Consumer<Problem> problems) throws IOException {
    this.metadata = metadata;
    this.superBlock = metadata.superBlock();
    this.report = new Report(problems);
    FilesystemFacts facts = new Facts(metadata).read();
    this.clean = facts.clean();
    facts.problems().stream().filter(Check::isOfTheWhole).forEach(problems);
  }

  /** Problems of groups come up again, on the walk through the groups. */
  private static boolean isOfTheWhole(Problem problem) {
    return problem.structure().startsWith("log")
        || problem.structure().startsWith("superblock dblocks")
        || problem.structure().startsWith("superblock features");
  }

  void run() throws IOException {
    Geometry geometry = metadata.geometry();
    long held = Math.min(geometry.blocks(), metadata.volume().size() >>> geometry.blockLog());
    for (long start = 0;
        start < held && complete && !report.isFull();
        start += SpaceMap.MAX_BLOCKS) {
      int length = (int) Math.min(SpaceMap.MAX_BLOCKS, held - start);
      // Each stretch needs all trees walked; what is no matter of space is reported once.
      Report stretch = start == 0 ? report : report.silent();
      space(stretch, new SpaceMap(geometry, report, start, length));
    }
    if (report.isFull()) {
      return;
    }
    if (!table.isFull()) {
      new LinkCheck(metadata, report, table).run();
    } else {
      report.problem("inodes", "more than can be kept track of", "links not compared");
    }
    if (clean && complete) {
      report.same("superblock fdblocks", superBlock.fdblocks(), free);
      report.same("superblock icount", superBlock.icount(), inodes);
      report.same("superblock ifree", superBlock.ifree(), freeInodes);
    }
  }

  private void space(Report stretch, SpaceMap space) throws IOException {
    table = new InodeTable();
    free = 0;
    inodes = 0;
    freeInodes = 0;
    boolean all = true;
    if (superBlock.logstart() != 0) {
      space.use(superBlock.logstart(), superBlock.logblocks(), "log");
    }
    for (long ag = 0; ag < metadata.geometry().agCount() && !stretch.isFull(); ag++) {
      if (AgHeaders.offset(metadata, ag, AgHeaders.FREE_LIST) >= metadata.volume().size()) {
        all = false;
        break;
      }
      long group = ag;
      all &=
          stretch.attempt(() -> {
            var counts = new GroupCheck(metadata, stretch, space, table, group).run();
            free += counts.free();
            inodes += counts.inodes();
            freeInodes += counts.freeInodes();
          });
    }
    table.complete();
    for (int slot = 0; slot < table.slots() && !stretch.isFull(); slot++) {
      int which = slot;
      if (table.exists(slot)) {
        all &= stretch.attempt(() -> inode(stretch, space, which));
      }
    }
    if (all && !table.isFull()) {
      space.reportLost();
    }
    complete &= all;
  }

  private void inode(Report stretch, SpaceMap space, int slot) throws IOException {
    Inode inode = metadata.inode(table.number(slot));
    if (inode.isFree() != table.isFree(slot)) {
      throw inode
          .view()
          .corrupt(
              "mode",
              2,
              "0" + Integer.toOctalString(inode.mode()),
              table.isFree(slot) ? "0: it is free in the tree of inodes" : "not 0: it is in use");
    }
    inode.checkUnused();
    if (inode.isFree()) {
      return;
    }
    FileKind kind = inode.kind();
    table.kind(slot, kind);
    Fork data = inode.data();
    checkFormat(inode, data, kind);
    if ((inode.flags() & Inode.REALTIME) != 0 && superBlock.rblocks() == 0) {
      throw inode.view().corrupt("flags", 90, "that of the realtime device", "none: there is none");
    }
    boolean elsewhere = kind == FileKind.REGULAR && (inode.flags() & Inode.REALTIME) != 0;
    long blocks = elsewhere ? 0 : new ForkCheck(metadata, space, inode, data).run();
    Optional<Fork> attributes = inode.attributes();
    if (attributes.isPresent()) {
      blocks += new ForkCheck(metadata, space, inode, attributes.get()).run();
      stretch.attempt(() -> AttributeCheck.run(metadata, inode, attributes.get()));
    }
    if (!elsewhere && blocks != inode.nblocks()) {
      throw inode
          .view()
          .corrupt("nblocks", 64, Fault.number(inode.nblocks()), Fault.number(blocks));
    }
    if (kind == FileKind.SYMBOLIC_LINK) {
      SymbolicLink.target(metadata, inode);
    }
  }

  private static void checkFormat(Inode inode, Fork data, FileKind kind) throws IOException {
    boolean fits =
        switch (kind) {
          case REGULAR -> data.format() == ForkFormat.EXTENTS || data.format() == ForkFormat.BTREE;
          case DIRECTORY, SYMBOLIC_LINK -> data.format() != ForkFormat.DEVICE;
          case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> data.format() == ForkFormat.DEVICE;
        };
    if (!fits) {
      throw inode
          .view()
          .corrupt("format", 5, data.format().title(), "one that fits a " + kind.title());
    }
  }
}
