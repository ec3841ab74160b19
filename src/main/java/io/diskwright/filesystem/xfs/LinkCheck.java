package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.FileKind;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.Arrays;

/** Goes through all directories and compares the names with the inodes. For one use. */
final class LinkCheck implements DirectoryCheck.Parents {

  private final Metadata metadata;
  private final Report report;
  private final InodeTable table;

  /** Places of directories, ascending; by their index here, what is said of their parents. */
  private final int[] directories;

  private final long[] claimed;
  private final long[] entered;
  private final int[] subdirectories;

  LinkCheck(Metadata metadata, Report report, InodeTable table) {
    this.metadata = metadata;
    this.report = report;
    this.table = table;
    int count = 0;
    int[] found = new int[64];
    for (int slot = 0; slot < table.slots(); slot++) {
      if (table.kind(slot) == FileKind.DIRECTORY) {
        found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
        found[count++] = slot;
      }
    }
    this.directories = Arrays.copyOf(found, count);
    this.claimed = new long[count];
    this.entered = new long[count];
    this.subdirectories = new int[count];
  }

  void run() throws IOException {
    long root = metadata.superBlock().rootino();
    if (index(root) < 0) {
      report.problem("root directory", "inode " + root + ", which is none", "a directory");
      return;
    }
    boolean all = true;
    for (int slot : directories) {
      if (report.isFull()) {
        return;
      }
      all &=
          report.attempt(() -> {
            Inode inode = metadata.inode(table.number(slot));
            new DirectoryCheck(metadata, report, table, this, inode).run();
          });
    }
    parents(root);
    if (all) {
      connected(root);
      links(root);
    }
  }

  private int index(long directory) {
    int slot = table.slot(directory);
    return slot < 0 ? -1 : Arrays.binarySearch(directories, slot);
  }

  @Override
  public void claim(long directory, long parent) {
    claimed[index(directory)] = parent;
  }

  @Override
  public void entry(long directory, long parent) {
    int index = index(directory);
    if (entered[index] != 0) {
      report.problem(
          "directory " + directory,
          "entries in directories " + entered[index] + " and " + parent,
          "one entry");
    }
    entered[index] = parent;
    subdirectories[index(parent)]++;
  }

  private void parents(long root) {
    for (int i = 0; i < directories.length; i++) {
      long number = table.number(directories[i]);
      long expected = number == root ? root : entered[i];
      if (expected != 0 && claimed[i] != 0) {
        report.same("directory " + number + " entry '..'", claimed[i], expected);
      }
    }
  }

  /** Each directory must lead up to the root; those that lead in a circle do not. */
  private void connected(long root) {
    int[] seen = new int[directories.length];
    int rootIndex = index(root);
    for (int i = 0; i < directories.length; i++) {
      int at = i;
      while (at >= 0 && at != rootIndex && seen[at] == 0) {
        seen[at] = i + 1;
        at = entered[at] == 0 ? -1 : index(entered[at]);
      }
      if (at >= 0 && at != rootIndex && seen[at] == i + 1) {
        report.problem(
            "directory " + table.number(directories[at]),
            "its parents lead back to it",
            "parents up to the root");
      }
    }
  }

  private void links(long root) throws IOException {
    for (int slot = 0; slot < table.slots() && !report.isFull(); slot++) {
      int which = slot;
      if (table.kind(slot) != null) {
        report.attempt(() -> links(which, root));
      }
    }
  }

  private void links(int slot, long root) throws IOException {
    long number = table.number(slot);
    if (metadata.superBlock().isInternal(number)) {
      return;
    }
    Inode inode = metadata.inode(number);
    long names = table.references(slot);
    if (names == 0 && number != root) {
      throw inode
          .view()
          .corrupt("nlink", 16, inode.nlink() + ", and no entry leads to it", "an entry");
    }
    int directory = Arrays.binarySearch(directories, slot);
    long expected = directory >= 0 ? 2 + subdirectories[directory] : names;
    if (inode.nlink() != expected) {
      throw inode.view().corrupt("nlink", 16, Fault.number(inode.nlink()), Fault.number(expected));
    }
  }
}
