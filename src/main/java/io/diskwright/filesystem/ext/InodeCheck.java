package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.FileKind;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;

/**
 * Marks the blocks of inodes as used, and looks at what each inode says of itself. For one window
 * of blocks.
 */
final class InodeCheck {

  private static final int SECTOR = 512;

  private final ExtVolume volume;
  private final Superblock superblock;
  private final CheckReport report;
  private final Orphans orphans;
  private final BlockUse use;
  private final boolean once;
  private final LongTable attributeBlocks = new LongTable();

  /** Blocks that may still be claimed: more than there are cannot all be right. */
  private long budget;

  /**
   * @param once whether what does not depend on the window is looked at, too
   */
  InodeCheck(InodeScan inodes, BlockUse use, boolean once) {
    this.volume = inodes.volume();
    this.orphans = inodes.orphans();
    this.superblock = volume.superblock();
    this.report = inodes.report();
    this.use = use;
    this.once = once;
    this.budget = 4 * volume.storableBlocks();
  }

  /** Looks at an inode in use. */
  void inode(Inode inode) throws IOException {
    long own = 0;
    if (inode.fileAcl() != 0) {
      own++;
      volume.checkBlocks(
          "inode " + inode.number() + " i_file_acl", inode.offset() + 104, inode.fileAcl(), 1);
      attributeBlocks.put(inode.fileAcl(), attributeBlocks.get(inode.fileAcl(), 0) + 1);
      use.markMetadata(inode.fileAcl(), 1);
    }
    if (once) {
      itself(inode);
    }
    if (inode.number() == Inode.RESIZE) {
      // It holds the blocks reserved for descriptors, which are the groups' metadata.
      if (inode.blockNumber(13) != 0) {
        use.startInode(inode.number());
        use.mark(inode.blockNumber(13), 1);
      }
    } else if (!hasBlocks(inode)) {
      sectors(inode, own);
    } else if (budget > 0) {
      blocks(inode, own);
    }
  }

  private void itself(Inode inode) throws IOException {
    if (inode.links() != 0 && inode.deletionTime() != 0 && !orphans.contains(inode.number())) {
      report.add(
          "inode " + inode.number() + " i_dtime",
          inode.offset() + 20,
          Fault.number(inode.deletionTime()),
          "0, since it is in use");
    }
    ExtendedAttributes.of(volume, inode);
    boolean link = inode.kind().filter(FileKind.SYMBOLIC_LINK::equals).isPresent();
    if (link && !inode.has(Inode.FLAG_ENCRYPT)) {
      LinkTarget.check(volume, inode);
    }
  }

  private boolean hasBlocks(Inode inode) {
    boolean reserved = inode.kind().isEmpty() && inode.number() < superblock.firstInode();
    boolean stored =
        inode
            .kind()
            .filter(kind ->
                kind == FileKind.REGULAR
                    || kind == FileKind.DIRECTORY
                    || (kind == FileKind.SYMBOLIC_LINK && !inode.isFastLink()))
            .isPresent();
    return (stored || reserved) && !inode.has(Inode.FLAG_INLINE_DATA);
  }

  private void blocks(Inode inode, long attributeBlock) throws IOException {
    use.startInode(inode.number());
    BlockMap map = BlockMap.of(volume, inode);
    long[] claimed = {attributeBlock};
    map.ownBlocks(block -> {
      claimed[0]++;
      use.mark(block, 1);
    });
    long lastWritten = -1;
    long block = 0;
    while (block < BlockMap.MAX_BLOCKS) {
      BlockRun run = map.at(block);
      if (run.physical() != 0) {
        claimed[0] += run.length();
        budget -= run.length();
        use.mark(run.physical(), run.length());
        lastWritten = run.written() ? run.end() - 1 : lastWritten;
        if (budget <= 0) {
          report.add(
              "inode " + inode.number() + " blocks",
              inode.offset() + 40,
              "more blocks than there are",
              "at most " + superblock.blocksCount() + "; what follows is not counted");
          return;
        }
      }
      block = run.end();
    }
    if (once) {
      sectors(inode, claimed[0]);
      size(inode, lastWritten);
    }
  }

  /** The blocks an inode counts; clusters and values in other inodes are counted as a whole. */
  private void sectors(Inode inode, long claimed) {
    boolean huge = (superblock.roCompat() & Features.RO_COMPAT_HUGE_FILE) != 0;
    boolean inBlocks = huge && inode.has(Inode.FLAG_HUGE_FILE);
    long stored = huge ? inode.storedBlocks() : inode.storedBlocks() & 0xffffffffL;
    long expected = claimed * (inBlocks ? 1 : volume.blockSize() / SECTOR);
    boolean told = superblock.clusterBits() == 0 && !superblock.hasAttributeInodes();
    if (told && stored != expected) {
      report.add(
          "inode " + inode.number() + " i_blocks",
          inode.offset() + 28,
          Fault.number(stored),
          Fault.number(expected));
    }
  }

  private void size(Inode inode, long lastWritten) {
    boolean directory = inode.kind().filter(FileKind.DIRECTORY::equals).isPresent();
    long blockSize = volume.blockSize();
    boolean possible =
        directory
            ? inode.size() == (lastWritten + 1) * blockSize
            : inode.size() >= 0 && inode.size() / blockSize >= lastWritten;
    if (!possible && !inode.has(Inode.FLAG_VERITY) && inode.kind().isPresent()) {
      report.add(
          "inode " + inode.number() + " i_size",
          inode.offset() + 4,
          Fault.number(inode.size()),
          "a size that fits to its last block " + lastWritten);
    }
  }

  /** Compares what the blocks of attributes say of how many inodes share them. */
  void end() throws IOException {
    for (long block : once ? attributeBlocks.sortedKeys() : new long[0]) {
      try {
        ByteView view = volume.block("attribute block " + block, block);
        long users = attributeBlocks.get(block, 0);
        if (view.u32(4) != users) {
          report.add(
              "attribute block " + block + " h_refcount",
              view.offset() + 4,
              Fault.number(view.u32(4)),
              Fault.number(users) + ", the inodes that use it");
        }
      } catch (ImageException e) {
        report.add(e);
      }
    }
  }
}
