package io.diskwright.filesystem;

import io.diskwright.disk.DiskSource;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.filesystem.ext.ExtFileSystem;
import io.diskwright.filesystem.fat.FatFileSystem;
import io.diskwright.filesystem.ntfs.NtfsFileSystem;
import io.diskwright.filesystem.xfs.XfsFileSystem;
import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The filesystems that are read. */
public final class Filesystems {

  private static final List<Reader> READERS =
      List.of(ExtFileSystem::open, XfsFileSystem::open, NtfsFileSystem::open, FatFileSystem::open);

  private Filesystems() {}

  /** Recognises one filesystem. */
  @FunctionalInterface
  private interface Reader {
    Optional<? extends FileTree> open(ByteSource volume) throws IOException;
  }

  /**
   * Opens the filesystem of a volume.
   *
   * @param volume exactly the volume's bytes; somebody else closes it, after the tree's last use
   * @return empty when it holds none that is read
   * @throws io.diskwright.io.ImageException when it holds one that is damaged or uses what is not
   *     understood
   */
  public static Optional<FileTree> open(ByteSource volume) throws IOException {
    for (Reader reader : READERS) {
      Optional<? extends FileTree> tree = reader.open(volume);
      if (tree.isPresent()) {
        return Optional.of(tree.get());
      }
    }
    return Optional.empty();
  }

  /**
   * Opens the filesystem in a range of a disk, as {@link #open(ByteSource)}.
   *
   * @param name of the volume, for messages
   * @param start bytes from the start of the disk
   * @param length bytes
   */
  public static Optional<FileTree> open(VirtualDisk disk, String name, long start, long length)
      throws IOException {
    return open(new DiskSource(disk, name, start, length));
  }
}
