package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An XFS filesystem of version 4 or 5. Checksums, UUIDs, owners and places of all metadata of
 * version 5 are verified as it is read. A dirty log is not replayed: {@link #facts} says so. Files
 * on a realtime device are refused. Safe for any thread.
 */
public final class XfsFileSystem implements FileTree {

  private final Metadata metadata;

  private XfsFileSystem(Metadata metadata) {
    this.metadata = metadata;
  }

  /**
   * Opens a volume.
   *
   * @param volume exactly the volume's bytes; somebody else closes it, after the last use
   * @return empty when the volume holds no XFS
   * @throws io.diskwright.io.ImageException when it holds one that is damaged or uses what is not
   *     read
   */
  public static Optional<XfsFileSystem> open(ByteSource volume) throws IOException {
    if (volume.size() < SuperBlock.SIZE) {
      return Optional.empty();
    }
    ByteView head = volume.view("superblock", 0, SuperBlock.SIZE, ByteOrder.BIG_ENDIAN);
    if (!head.startsWith(0, SuperBlock.MAGIC)) {
      return Optional.empty();
    }
    SuperBlock superBlock = SuperBlock.parse(head);
    var metadata = new Metadata(volume, superBlock);
    metadata.sealed("superblock", 0, superBlock.sectsize(), SuperBlock.CRC_AT);
    return Optional.of(new XfsFileSystem(metadata));
  }

  Metadata metadata() {
    return metadata;
  }

  @Override
  public String type() {
    return "xfs";
  }

  @Override
  public String describe() {
    return metadata.describe();
  }

  @Override
  public Node root() throws IOException {
    Inode inode = inode(metadata.superBlock().rootino());
    if (inode.kind() != FileKind.DIRECTORY) {
      throw inode.view().corrupt("mode", 2, "a " + inode.kind().title(), "a directory, the root");
    }
    return new XfsNode(this, inode);
  }

  /** The node of an inode, which is in use. */
  Node node(long number) throws IOException {
    return new XfsNode(this, inode(number));
  }

  private Inode inode(long number) throws IOException {
    Inode inode = metadata.inode(number);
    if (inode.isFree()) {
      throw inode.view().corrupt("mode", 2, "0, that of a free inode", "one in use");
    }
    return inode;
  }

  @Override
  public FilesystemFacts facts() throws IOException {
    return new Facts(metadata).read();
  }

  @Override
  public void check(Consumer<Problem> problems) throws IOException {
    try {
      new Check(metadata, problems).run();
    } catch (ImageException e) {
      problems.accept(Problem.of(e));
    }
  }
}
