package io.diskwright.guest;

import io.diskwright.filesystem.MemoryTree;
import io.diskwright.volume.Partition;
import io.diskwright.volume.VolumeContent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Volumes with files in memory. */
final class MemoryGuest {

  private final List<GuestVolume> volumes = new ArrayList<>();

  /**
   * A filesystem, by its files: paths end in a slash for a directory, targets start with {@code
   * ->}.
   */
  static MemoryTree tree(Map<String, String> files) {
    var tree = new MemoryTree();
    Map<String, MemoryTree.MemoryNode> directories = new HashMap<>();
    files.forEach((path, content) -> {
      int slash = path.lastIndexOf('/', path.length() - 2);
      MemoryTree.MemoryNode parent =
          directory(tree, directories, slash < 0 ? "" : path.substring(0, slash));
      String name = path.substring(slash + 1);
      if (name.endsWith("/")) {
        directory(tree, directories, path.substring(0, path.length() - 1));
      } else if (content.startsWith("->")) {
        parent.put(name, tree.link(content.substring(2)));
      } else {
        parent.put(name, tree.file(content));
      }
    });
    return tree;
  }

  private static MemoryTree.MemoryNode directory(
      MemoryTree tree, Map<String, MemoryTree.MemoryNode> known, String path) {
    if (path.isEmpty()) {
      return tree.root();
    }
    MemoryTree.MemoryNode found = known.get(path);
    if (found != null) {
      return found;
    }
    int slash = path.lastIndexOf('/');
    MemoryTree.MemoryNode parent =
        directory(tree, known, slash < 0 ? "" : path.substring(0, slash));
    MemoryTree.MemoryNode made = parent.put(path.substring(slash + 1), tree.directory());
    known.put(path, made);
    return made;
  }

  /** The next partition of a GPT disk. */
  MemoryGuest partition(String type, String label, String uuid, Map<String, String> files) {
    return add(type, label, uuid, Optional.of(tree(files)), "83");
  }

  /** A partition whose filesystem is not read. */
  MemoryGuest unread(String type, String label, String uuid) {
    return add(type, label, uuid, Optional.empty(), "83");
  }

  MemoryGuest add(
      String type, String label, String uuid, Optional<MemoryTree> tree, String partitionType) {
    int number = volumes.size() + 1;
    var partition =
        new Partition(
            number, number << 20, 1 << 20, partitionType, false, "P-" + number, Partition.Kind.GPT);
    var content = Optional.of(new VolumeContent(type, label, uuid));
    List<String> names = new ArrayList<>(DeviceNames.ofPartition(partition));
    names.addAll(DeviceNames.ofTags(content, "aa-0" + number, "P-" + number));
    volumes.add(
        new GuestVolume(
            "partition " + number,
            Optional.of(partition),
            1 << 20,
            content,
            "aa-0" + number,
            "P-" + number,
            names,
            tree.map(t -> t),
            Optional.empty()));
    return this;
  }

  List<GuestVolume> volumes() {
    return volumes;
  }
}
