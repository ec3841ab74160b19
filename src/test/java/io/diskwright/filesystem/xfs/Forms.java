package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.Node;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** In which forms a filesystem keeps its directories, files, links and attributes. */
final class Forms {

  private final XfsFileSystem fileSystem;
  private final Set<String> found = new TreeSet<>();

  private Forms(XfsFileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  static Set<String> of(XfsFileSystem fileSystem) throws IOException {
    var forms = new Forms(fileSystem);
    Deque<Node> pending = new ArrayDeque<>();
    pending.add(fileSystem.root());
    while (!pending.isEmpty()) {
      Node directory = pending.remove();
      forms.add(directory);
      EntryCursor cursor = directory.entries();
      for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
        Node node = entry.node();
        if (node.attributes().kind() == FileKind.DIRECTORY) {
          pending.add(node);
        } else {
          forms.add(node);
        }
      }
    }
    return forms.found;
  }

  private void add(Node node) throws IOException {
    Metadata metadata = fileSystem.metadata();
    Inode inode = metadata.inode(node.number());
    Fork data = inode.data();
    found.add(inode.kind().title() + ", " + data.format().title());
    if (inode.kind() == FileKind.DIRECTORY && data.format() != ForkFormat.LOCAL) {
      BlockDirectory directory = BlockDirectory.open(metadata, inode);
      found.add(
          directory.isSingle()
              ? "directory, block"
              : "directory, " + directory.blocks().index(directory.leaves()).type());
    }
    if (inode.kind() == FileKind.REGULAR) {
      ExtentMap map = ExtentMap.of(metadata, inode, data);
      for (Extent e = map.find(0); e != null; e = map.find(e.end())) {
        found.add(e.unwritten() ? "extent, unwritten" : "extent, written");
      }
    }
    Optional<Fork> fork = inode.attributes();
    if (fork.isPresent()) {
      found.add("attributes, " + fork.get().format().title());
      if (fork.get().format() != ForkFormat.LOCAL) {
        ForkBlocks blocks = ForkBlocks.ofAttributes(metadata, inode, fork.get());
        if (blocks.map().find(0) != null) {
          found.add("attributes, " + blocks.index(0).type());
        }
      }
      AttributeFork.read(
          metadata,
          inode,
          all ->
              all.forEach(attribute -> {
                if (attribute.value() instanceof RemoteAttribute) {
                  found.add("attributes, remote value");
                }
                if ((attribute.flags() & 0x08) != 0) {
                  found.add("attributes, parent");
                }
              }));
    }
  }
}
