package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.Node;
import java.io.IOException;
import java.util.Optional;

/** An entry, with the filesystem that knows its node. */
record XfsEntry(XfsFileSystem fileSystem, DirectoryEntry entry) implements Entry {

  @Override
  public String name() {
    return entry.text();
  }

  @Override
  public Optional<FileKind> kind() {
    return entry.kind();
  }

  @Override
  public Node node() throws IOException {
    return fileSystem.node(entry.inode());
  }
}
