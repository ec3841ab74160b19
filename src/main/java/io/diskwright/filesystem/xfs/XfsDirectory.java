package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.EntryNames;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A directory in whatever form. Safe for any thread. */
final class XfsDirectory {

  private final XfsFileSystem fileSystem;
  private final @Nullable ShortDirectory small;
  private final @Nullable BlockDirectory large;

  private XfsDirectory(
      XfsFileSystem fileSystem, @Nullable ShortDirectory small, @Nullable BlockDirectory large) {
    this.fileSystem = fileSystem;
    this.small = small;
    this.large = large;
  }

  static XfsDirectory open(XfsFileSystem fileSystem, Inode inode) throws IOException {
    Metadata metadata = fileSystem.metadata();
    Fork fork = inode.data();
    return fork.format() == ForkFormat.LOCAL
        ? new XfsDirectory(fileSystem, ShortDirectory.parse(metadata, fork, inode.size()), null)
        : new XfsDirectory(fileSystem, null, BlockDirectory.open(metadata, inode));
  }

  long parent() throws IOException {
    return small != null ? small.parent() : large().parent();
  }

  EntryCursor entries() {
    if (small != null) {
      Iterator<DirectoryEntry> all = small.entries().iterator();
      return () -> all.hasNext() ? entry(all.next()) : null;
    }
    BlockDirectory.Cursor cursor = large().cursor();
    return () -> {
      DirectoryEntry next = cursor.next();
      while (next != null && (next.isSelf() || next.isParent())) {
        next = cursor.next();
      }
      return next == null ? null : entry(next);
    };
  }

  /** The inode of a name; 0 when there is none. */
  long find(String text) throws IOException {
    byte[] name = EntryNames.encode(text);
    DirectoryEntry found = small != null ? find(small, name) : large().find(name);
    return found == null || found.isSelf() || found.isParent() ? 0 : found.inode();
  }

  private @Nullable DirectoryEntry find(ShortDirectory directory, byte[] name) {
    boolean folding = fileSystem.metadata().features().isCaseInsensitive();
    byte[] wanted = folding ? NameHash.folded(name) : name;
    DirectoryEntry found = null;
    for (DirectoryEntry entry : directory.entries()) {
      if (Arrays.equals(entry.name(), name)) {
        return entry;
      }
      if (folding && found == null && Arrays.equals(NameHash.folded(entry.name()), wanted)) {
        found = entry;
      }
    }
    return found;
  }

  private BlockDirectory large() {
    if (large == null) {
      throw new IllegalStateException("a small directory");
    }
    return large;
  }

  private Entry entry(DirectoryEntry entry) {
    return new XfsEntry(fileSystem, entry);
  }
}
