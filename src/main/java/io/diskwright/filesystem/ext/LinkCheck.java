package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.FileKind;
import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * Walks the directories from the root, and compares the links that they hold with what the inodes
 * say, and the bitmaps of inodes with both. Memory is bounded by walking once for each window of
 * inodes.
 */
final class LinkCheck {

  private static final int WINDOW = 1 << 23;

  /** Bits for which directories were seen: 32 MiB. */
  private static final long MOST_INODES = 1L << 28;

  /** A directory with more links than fit is counted as 1. */
  private static final int UNCOUNTED = 1;

  /** How many times as many blocks as there are directories may have, some of them holes. */
  private static final int MOST_TIMES = 4;

  private final ExtVolume volume;
  private final Superblock superblock;
  private final CheckReport report;
  private final InodeScan inodes;
  private final BitmapCheck bitmaps;
  private char[] links = new char[0];
  private long first;
  private long budget;

  LinkCheck(ExtVolume volume, CheckReport report, InodeScan inodes) {
    this.volume = volume;
    this.superblock = volume.superblock();
    this.report = report;
    this.inodes = inodes;
    this.bitmaps = new BitmapCheck(volume, report);
  }

  void run() throws IOException {
    if (superblock.inodesCount() > MOST_INODES) {
      report.add(
          "directories", -1, superblock.inodesCount() + " inodes, too many to be counted", "known");
      return;
    }
    for (first = 1; first <= superblock.inodesCount() && !report.isFull(); first += WINDOW) {
      links = new char[(int) Math.min(WINDOW, superblock.inodesCount() - first + 1)];
      budget = MOST_TIMES * volume.storableBlocks();
      walk();
      inodes.each(this::compare);
      for (long group = 0; group < superblock.groups() && !report.isFull(); group++) {
        long start = group * superblock.inodesPerGroup() + 1;
        if (start >= first && start < first + WINDOW) {
          bitmap(group);
        }
      }
    }
  }

  private void walk() throws IOException {
    var seen = new BitSet();
    long[] pending = {Inode.ROOT};
    int count = 1;
    seen.set(Inode.ROOT);
    while (count > 0 && !report.isFull()) {
      long number = pending[--count];
      try {
        Inode directory = volume.inode(number);
        Directory.Cursor cursor = records(directory);
        for (DirectoryEntry e = cursor.next(); e != null; e = cursor.next()) {
          count(e.inode());
          if (!e.isDots() && isDirectory(directory, e) && claim(seen, directory, e)) {
            pending = count == pending.length ? Arrays.copyOf(pending, 2 * count) : pending;
            pending[count++] = e.inode();
          }
        }
      } catch (ImageException e) {
        report.add(e);
      }
    }
  }

  private Directory.Cursor records(Inode directory) throws IOException {
    if (directory.has(Inode.FLAG_INLINE_DATA)) {
      count(directory.number());
      count(directory.blockNumber(0));
    } else {
      Directory.Cursor dots = new Directory(volume, directory).cursor();
      DirectoryEntry self = dots.next();
      if (self == null || self.inode() != directory.number() || self.isParent()) {
        report.add(
            "inode " + directory.number() + " directory",
            directory.offset(),
            "no entry '.' that leads to itself",
            "'.' first");
      }
    }
    budget -= directory.size() / volume.blockSize();
    if (budget < 0) {
      throw directory.body().corrupt("i_size", 4, "more blocks of directories", "those there are");
    }
    var records = new Directory(volume, directory);
    boolean indexed = directory.has(Inode.FLAG_INDEX) && !directory.has(Inode.FLAG_INLINE_DATA);
    if (indexed && first == 1 && !directory.has(Inode.FLAG_CASEFOLD | Inode.FLAG_ENCRYPT)) {
      index(records);
    }
    return records.cursor();
  }

  private void index(Directory directory) throws IOException {
    try {
      new IndexCheck(volume, directory).run();
    } catch (ImageException e) {
      report.add(e);
    }
  }

  private boolean isDirectory(Inode directory, DirectoryEntry entry) throws IOException {
    Inode target = volume.inode(entry.inode());
    boolean sameKind = entry.kind().isEmpty() || entry.kind().equals(target.kind());
    if (target.links() == 0 || !sameKind) {
      report.add(
          "inode " + directory.number() + " directory",
          directory.offset(),
          "an entry for inode "
              + entry.inode()
              + " with "
              + target.links()
              + " links, mode "
              + Integer.toOctalString(target.mode()),
          "entries for inodes in use, of the kind they say");
    }
    return target.links() != 0 && target.kind().equals(Optional.of(FileKind.DIRECTORY));
  }

  /** Takes a directory as the child of another, once. */
  private boolean claim(BitSet seen, Inode directory, DirectoryEntry entry) throws IOException {
    Inode target = volume.inode(entry.inode());
    boolean again = seen.get((int) entry.inode());
    long parent = new Directory(volume, target).parent().orElse(0);
    if (again || parent != directory.number()) {
      report.add(
          "inode " + entry.inode() + " directory",
          target.offset(),
          again ? "a second name, in inode " + directory.number() : "the parent " + parent,
          again ? "one name" : directory.number() + ", the directory that holds it");
    }
    seen.set((int) entry.inode());
    return !again;
  }

  private void count(long number) {
    long index = number - first;
    if (index >= 0 && index < links.length && links[(int) index] < Character.MAX_VALUE) {
      links[(int) index]++;
    }
  }

  private void compare(Inode inode) {
    long index = inode.number() - first;
    if (index < 0 || index >= links.length || isHidden(inode) || isOrphan(inode)) {
      return;
    }
    boolean uncounted =
        inode.links() == UNCOUNTED && inode.kind().equals(Optional.of(FileKind.DIRECTORY));
    int counted = links[(int) index];
    if (counted == 0 || (counted != inode.links() && !uncounted)) {
      report.add(
          "inode " + inode.number() + " i_links_count",
          inode.offset() + 26,
          Long.toString(inode.links()),
          counted + ", as the directories have it");
    }
  }

  private boolean isOrphan(Inode inode) {
    return inode.links() == 0 && inodes.orphans().contains(inode.number());
  }

  /** Inodes that no directory leads to. */
  private boolean isHidden(Inode inode) {
    long number = inode.number();
    return (number < superblock.firstInode() && number != Inode.ROOT)
        || inode.has(Inode.FLAG_EA_INODE)
        || number == superblock.orphanFileInum()
        || number == superblock.journalInum()
        || number == superblock.projectQuotaInum();
  }

  private void bitmap(long group) throws IOException {
    try {
      GroupDescriptor descriptor = volume.descriptor(group);
      if (superblock.hasUninitializedGroups() && descriptor.inodesUninitialized()) {
        return;
      }
      String name = "group " + group + " inode bitmap";
      ByteView bitmap = volume.block(name, descriptor.inodeBitmap());
      int count = (int) superblock.inodesPerGroup();
      bitmaps.verify(bitmap, count / 8, descriptor.inodeBitmapCsum(), descriptor.csumBits());
      compare(group, descriptor, name, bitmap);
      bitmaps.padding(name, bitmap, count, 8 * volume.blockSize());
    } catch (ImageException e) {
      report.add(e);
    }
  }

  private void compare(long group, GroupDescriptor descriptor, String name, ByteView bitmap)
      throws IOException {
    int count = (int) superblock.inodesPerGroup();
    long used = count - InodeScan.unused(superblock, descriptor);
    long start = group * count + 1;
    long free = 0;
    long directories = 0;
    for (int i = 0; i < count; i++) {
      boolean marked = BitmapCheck.isSet(bitmap, i);
      free += marked ? 0 : 1;
      if (i >= used && !marked) {
        continue;
      }
      ByteView inode = volume.inodeView(start + i);
      boolean inUse = inode.u16(26) != 0 || inodes.orphans().contains(start + i);
      boolean directory =
          (inode.u16(0) & FileKind.MODE_MASK) == FileKind.DIRECTORY.modeBits() && inUse;
      directories += directory ? 1 : 0;
      if (start + i >= superblock.firstInode() && marked != inUse) {
        report.add(
            name,
            bitmap.offset() + i / 8,
            "inode " + (start + i) + (marked ? " in use" : " free"),
            inUse ? "in use" : "free, for its links are 0");
      }
    }
    bitmaps.counter(group, "bg_free_inodes_count", descriptor.freeInodes(), free);
    bitmaps.counter(group, "bg_used_dirs_count", descriptor.usedDirs(), directories);
  }
}
