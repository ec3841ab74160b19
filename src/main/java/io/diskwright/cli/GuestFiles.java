package io.diskwright.cli;

import io.diskwright.disk.DiskImage;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.Filesystems;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.Volume;
import io.diskwright.volume.Volumes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where {@code ls}, {@code cat} and {@code copy-out} look. */
final class GuestFiles {

  private GuestFiles() {}

  /** The root of what was named. */
  static Path open(DiskImage disk, ImageArgument named) throws IOException {
    for (Volume volume : Volumes.of(disk, PartitionTable.read(disk))) {
      String number = volume.partition().map(p -> Integer.toString(p.number())).orElse("");
      if (named.partition().isEmpty() || named.partition().get().equals(number)) {
        Optional<FileTree> tree =
            Filesystems.open(disk, named.image() + ":" + number, volume.start(), volume.length());
        if (tree.isPresent()) {
          return new TreeFileSystem(tree.get()).root();
        }
      }
    }
    throw new IllegalArgumentException("no filesystem");
  }
}
