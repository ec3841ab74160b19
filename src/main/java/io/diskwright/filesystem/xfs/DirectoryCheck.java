package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.EntryNames;
import io.diskwright.filesystem.FileKind;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.Optional;

/** Checks the entries of a directory against its index and the inodes. For one use. */
final class DirectoryCheck {

  private static final long MIX = 0x9e3779b97f4a7c15L;

  private final Metadata metadata;
  private final Report report;
  private final InodeTable table;
  private final Parents parents;
  private final Inode inode;
  private final String title;
  private long entries;
  private long sum;

  /** Receives what directories say of directories. */
  interface Parents {
    /** A directory says which one it lies in. */
    void claim(long directory, long parent);

    /** An entry leads to a directory. */
    void entry(long directory, long parent);
  }

  DirectoryCheck(Metadata metadata, Report report, InodeTable table, Parents parents, Inode inode) {
    this.metadata = metadata;
    this.report = report;
    this.table = table;
    this.parents = parents;
    this.inode = inode;
    this.title = "directory " + inode.number();
  }

  void run() throws IOException {
    Fork fork = inode.data();
    if (fork.format() == ForkFormat.LOCAL) {
      ShortDirectory directory = ShortDirectory.parse(metadata, fork, inode.size());
      parents.claim(inode.number(), directory.parent());
      for (DirectoryEntry entry : directory.entries()) {
        follow(entry);
      }
      return;
    }
    BlockDirectory directory = BlockDirectory.open(metadata, inode);
    entries(directory);
    long found = sum;
    long count = entries;
    sum = 0;
    entries = 0;
    index(directory);
    if (found != sum || count != entries) {
      report.problem(
          title + " index",
          Fault.number(entries) + " entries that lead elsewhere or have other hashes",
          Fault.number(count) + ", one for each name");
    }
  }

  private void entries(BlockDirectory directory) throws IOException {
    BlockDirectory.Cursor cursor = directory.cursor();
    boolean self = false;
    boolean parent = false;
    for (DirectoryEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      long hash =
          metadata.features().isCaseInsensitive()
              ? NameHash.ofFolded(entry.name())
              : NameHash.of(entry.name());
      add(hash, cursor.address(entry));
      if (entry.isSelf()) {
        self = true;
        report.same(title + " entry '.'", entry.inode(), inode.number());
      } else if (entry.isParent()) {
        parent = true;
        parents.claim(inode.number(), entry.inode());
      } else {
        follow(entry);
      }
    }
    if (!self || !parent) {
      report.problem(title, "no entry '" + (self ? ".." : ".") + "'", "both '.' and '..'");
    }
  }

  /** Adds to a sum that does not depend on the order. */
  private void add(long hash, long address) {
    long mixed = (hash << Integer.SIZE | address) * MIX;
    sum += (mixed ^ mixed >>> Integer.SIZE) * MIX;
    entries++;
  }

  private void follow(DirectoryEntry entry) {
    String name = title + " entry '" + EntryNames.decode(entry.name()) + "'";
    int slot = table.slot(entry.inode());
    FileKind kind = slot < 0 ? null : table.kind(slot);
    if (kind == null) {
      if (!table.isFull()) {
        report.problem(name, "inode " + entry.inode(), "an inode in use");
      }
      return;
    }
    table.refer(slot);
    Optional<FileKind> said = entry.kind();
    if (said.isPresent() && said.get() != kind) {
      report.problem(name, "a " + said.get().title(), "a " + kind.title() + ", as the inode says");
    }
    if (kind == FileKind.DIRECTORY) {
      parents.entry(entry.inode(), inode.number());
    }
  }

  private void index(BlockDirectory directory) throws IOException {
    if (directory.isSingle()) {
      addAll(directory.data(0).index());
      return;
    }
    new HashTreeCheck(directory.blocks(), leaf -> addAll(directory.hashes(leaf)))
        .run(directory.leaves());
    new DirectoryRoom(metadata, inode, directory).check();
  }

  private long[] addAll(HashIndex index) throws IOException {
    long[] hashes = new long[index.count()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = index.hash(i);
      if (index.value(i) != 0) {
        add(hashes[i], index.value(i));
      }
    }
    return hashes;
  }
}
