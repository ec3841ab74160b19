package io.diskwright.filesystem.xfs;

import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.InodeFlag;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.NodeTimes;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** An inode in use. */
final class XfsNode implements Node {

  private static final int MINOR_BITS = 18;
  private static final int MAJOR_MASK = 0x3fff;
  private static final int PERMISSIONS = 07777;

  private static final Map<Integer, InodeFlag> FLAGS =
      Map.of(
          3, InodeFlag.IMMUTABLE,
          4, InodeFlag.APPEND_ONLY,
          5, InodeFlag.SYNCHRONOUS,
          6, InodeFlag.NO_ATIME,
          7, InodeFlag.NO_DUMP);

  private static final long DIRECT_ACCESS = 1;
  private static final long REFLINK = 1 << 1;

  private final XfsFileSystem fileSystem;
  private final Inode inode;

  XfsNode(XfsFileSystem fileSystem, Inode inode) {
    this.fileSystem = fileSystem;
    this.inode = inode;
  }

  @Override
  public FileTree tree() {
    return fileSystem;
  }

  @Override
  public long number() {
    return inode.number();
  }

  @Override
  public NodeAttributes attributes() throws IOException {
    FileKind kind = inode.kind();
    boolean device = kind == FileKind.CHARACTER_DEVICE || kind == FileKind.BLOCK_DEVICE;
    long number = device ? inode.device() : 0;
    long blocks = inode.nblocks();
    if (blocks < 0 || blocks > Long.MAX_VALUE >> metadata().geometry().blockLog()) {
      throw inode.view().corrupt("nblocks", 64, Fault.number(blocks), "blocks below 2^63 bytes");
    }
    return new NodeAttributes(
        kind,
        inode.mode() & PERMISSIONS,
        inode.uid(),
        inode.gid(),
        inode.nlink(),
        inode.size(),
        blocks << metadata().geometry().blockLog(),
        new NodeTimes(inode.modified(), inode.accessed(), inode.changed(), inode.created()),
        (int) (number >>> MINOR_BITS) & MAJOR_MASK,
        (int) number & (1 << MINOR_BITS) - 1,
        flags());
  }

  private Set<InodeFlag> flags() {
    Set<InodeFlag> flags = EnumSet.noneOf(InodeFlag.class);
    FLAGS.forEach((bit, flag) -> {
      if ((inode.flags() >> bit & 1) != 0) {
        flags.add(flag);
      }
    });
    if ((inode.flags2() & DIRECT_ACCESS) != 0) {
      flags.add(InodeFlag.DIRECT_ACCESS);
    }
    if ((inode.flags2() & REFLINK) != 0) {
      flags.add(InodeFlag.REFLINK);
    }
    if (metadata().features().isCaseInsensitive() && inode.kind() == FileKind.DIRECTORY) {
      flags.add(InodeFlag.CASE_INSENSITIVE);
    }
    return Collections.unmodifiableSet(flags);
  }

  private Metadata metadata() {
    return fileSystem.metadata();
  }

  @Override
  public OptionalLong parentNumber() throws IOException {
    if (inode.kind() != FileKind.DIRECTORY || inode.number() == metadata().superBlock().rootino()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(directory().parent());
  }

  private XfsDirectory directory() throws IOException {
    check(FileKind.DIRECTORY);
    return XfsDirectory.open(fileSystem, inode);
  }

  @Override
  public EntryCursor entries() throws IOException {
    return directory().entries();
  }

  @Override
  public Optional<Node> child(String name) throws IOException {
    long number = directory().find(name);
    return number == 0 ? Optional.empty() : Optional.of(fileSystem.node(number));
  }

  @Override
  public ByteSource content() throws IOException {
    check(FileKind.REGULAR);
    if ((inode.flags() & Inode.REALTIME) != 0) {
      throw new UnsupportedFeature(
          metadata().describe(),
          "inode " + inode.number(),
          inode.view().offset(),
          "content on the realtime device",
          "content on this volume",
          "Copy the file inside the guest");
    }
    ExtentMap map = ExtentMap.of(metadata(), inode, inode.data());
    return new FileContent(metadata(), inode.number(), map, inode.size());
  }

  @Override
  public String linkTarget() throws IOException {
    check(FileKind.SYMBOLIC_LINK);
    return SymbolicLink.target(metadata(), inode);
  }

  @Override
  public Map<String, ByteSource> extendedAttributes() throws IOException {
    return AttributeFork.shown(metadata(), inode);
  }

  private void check(FileKind expected) throws ImageException {
    if (inode.kind() != expected) {
      throw inode.view().corrupt("mode", 2, "a " + inode.kind().title(), "a " + expected.title());
    }
  }
}
