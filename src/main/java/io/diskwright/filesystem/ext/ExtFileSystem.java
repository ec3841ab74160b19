package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * ext2, ext3 and ext4. A journal that needs recovery is replayed in memory, so that what is read is
 * what a mount would show; nothing is written. Every checksum is verified when its structure is
 * read. Safe for any thread.
 */
public final class ExtFileSystem implements FileTree {

  private final ByteSource source;
  private final ExtVolume volume;
  private final JournalReplay replay;

  private ExtFileSystem(ByteSource source, ExtVolume volume, JournalReplay replay) {
    this.source = source;
    this.volume = volume;
    this.replay = replay;
  }

  /**
   * Opens the filesystem of a volume.
   *
   * @param source exactly the volume's bytes; somebody else closes it, after the tree's last use
   * @return empty when there is no superblock of ext
   * @throws ImageException when there is one that is damaged or uses what is not understood
   */
  public static Optional<ExtFileSystem> open(ByteSource source) throws IOException {
    if (source.size() < Superblock.OFFSET + Superblock.LENGTH
        || !Superblock.isMagic(superblockView(source))) {
      return Optional.empty();
    }
    Superblock stored = superblock(source);
    if (!stored.needsRecovery()) {
      var volume = new ExtVolume(source, stored);
      return Optional.of(new ExtFileSystem(source, volume, JournalReplay.notNeeded()));
    }
    JournalReplay replay = JournalReplay.of(new ExtVolume(source, stored));
    ByteSource recovered = replay.over(source, stored.blockSize());
    // The superblock is journaled as other blocks are; some of its fields may have changed.
    var volume = new ExtVolume(recovered, superblock(recovered));
    return Optional.of(new ExtFileSystem(source, volume, replay));
  }

  private static ByteView superblockView(ByteSource source) throws IOException {
    return source.view("superblock", Superblock.OFFSET, Superblock.LENGTH, ByteOrder.LITTLE_ENDIAN);
  }

  private static Superblock superblock(ByteSource source) throws IOException {
    ByteView view = superblockView(source);
    try {
      Superblock superblock = Superblock.parse(view);
      if (!superblock.checksumValid()) {
        throw view.corrupt(
            "s_checksum", 0x3fc, Fault.number(view.u32(0x3fc)), "the checksum of its bytes");
      }
      return superblock;
    } catch (CorruptImage e) {
      throw SuperblockCopies.withRemedy(e, source);
    }
  }

  ExtVolume volume() {
    return volume;
  }

  @Override
  public String type() {
    return volume.superblock().type();
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public Node root() throws IOException {
    Node root = node(Inode.ROOT);
    if (root.attributes().kind() != FileKind.DIRECTORY) {
      throw new CorruptImage(
          describe(),
          "inode " + Inode.ROOT,
          volume.inode(Inode.ROOT).offset(),
          "a " + root.attributes().kind().title(),
          "the root directory");
    }
    return root;
  }

  Node node(long number) throws IOException {
    Inode inode = volume.inode(number);
    if (inode.links() == 0) {
      throw inode.body().corrupt("i_links_count", 26, "0, a deleted inode", "an inode in use");
    }
    return new ExtNode(this, volume, inode);
  }

  @Override
  public FilesystemFacts facts() throws IOException {
    return ExtFacts.of(volume, source.size(), replay);
  }

  @Override
  public void check(Consumer<Problem> problems) throws IOException {
    var report = new CheckReport(problems);
    ExtFacts.of(volume, source.size(), replay).problems().forEach(report::add);
    new ExtCheck(volume, report).run(replay.recovery() == Recovery.NOT_NEEDED);
  }
}
