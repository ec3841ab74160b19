package io.diskwright.filesystem.ext;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.EntryNames;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.InodeFlag;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.NodeTimes;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An inode as a node of the tree. */
final class ExtNode implements Node {

  private static final int SECTOR = 512;

  private static final Map<Long, InodeFlag> FLAGS =
      Map.ofEntries(
          Map.entry(Inode.FLAG_IMMUTABLE, InodeFlag.IMMUTABLE),
          Map.entry(Inode.FLAG_APPEND, InodeFlag.APPEND_ONLY),
          Map.entry(0x8L, InodeFlag.SYNCHRONOUS),
          Map.entry(0x40L, InodeFlag.NO_DUMP),
          Map.entry(0x80L, InodeFlag.NO_ATIME),
          Map.entry(Inode.FLAG_ENCRYPT, InodeFlag.ENCRYPTED),
          Map.entry(Inode.FLAG_VERITY, InodeFlag.VERITY),
          Map.entry(0x2000000L, InodeFlag.DIRECT_ACCESS),
          Map.entry(Inode.FLAG_CASEFOLD, InodeFlag.CASE_INSENSITIVE));

  private final ExtFileSystem tree;
  private final ExtVolume volume;
  private final Inode inode;
  private final FileKind kind;
  private volatile @Nullable Directory directory;

  ExtNode(ExtFileSystem tree, ExtVolume volume, Inode inode) throws CorruptImage {
    this.tree = tree;
    this.volume = volume;
    this.inode = inode;
    Optional<FileKind> found = inode.kind();
    if (found.isEmpty()) {
      throw corrupt("i_mode", 0, Integer.toOctalString(inode.mode()), "the mode of a file");
    }
    this.kind = found.get();
    if (inode.size() < 0) {
      throw corrupt("i_size", 4, Long.toUnsignedString(inode.size()), "below 2^63");
    }
  }

  private CorruptImage corrupt(String field, int at, String found, String allowed) {
    return inode.body().corrupt(field, at, found, allowed);
  }

  @Override
  public FileTree tree() {
    return tree;
  }

  @Override
  public long number() {
    return inode.number();
  }

  @Override
  public NodeAttributes attributes() throws IOException {
    boolean device = kind == FileKind.CHARACTER_DEVICE || kind == FileKind.BLOCK_DEVICE;
    long old = inode.blockNumber(0);
    long wide = inode.blockNumber(1);
    return new NodeAttributes(
        kind,
        inode.mode() & 07777,
        inode.uid(),
        inode.gid(),
        inode.links(),
        inode.size(),
        allocated(),
        new NodeTimes(inode.modified(), inode.accessed(), inode.changed(), inode.created()),
        device ? (int) (old != 0 ? (old >> 8) & 0xff : (wide >> 8) & 0xfff) : 0,
        device ? (int) (old != 0 ? old & 0xff : (wide & 0xff) | ((wide >> 12) & 0xfff00)) : 0,
        flags());
  }

  private long allocated() {
    boolean huge = (volume.superblock().roCompat() & Features.RO_COMPAT_HUGE_FILE) != 0;
    long blocks = huge ? inode.storedBlocks() : inode.storedBlocks() & 0xffffffffL;
    return blocks * (huge && inode.has(Inode.FLAG_HUGE_FILE) ? volume.blockSize() : SECTOR);
  }

  private Set<InodeFlag> flags() {
    Set<InodeFlag> flags = EnumSet.noneOf(InodeFlag.class);
    FLAGS.forEach((bit, flag) -> {
      if (inode.has(bit)) {
        flags.add(flag);
      }
    });
    return flags;
  }

  @Override
  public OptionalLong parentNumber() throws IOException {
    // The entries '.' and '..' stand in the clear in every directory.
    return inode.number() == Inode.ROOT ? OptionalLong.empty() : directory().parent();
  }

  private Directory directory() throws IOException {
    Directory known = directory;
    if (known == null) {
      known = new Directory(volume, inode);
      directory = known;
    }
    return known;
  }

  /** Neither has a key to decrypt with, nor is what fscrypt stores what a program would read. */
  private void refuseEncrypted(String what) throws UnsupportedFeature {
    if (inode.has(Inode.FLAG_ENCRYPT)) {
      throw new UnsupportedFeature(
          volume.describe(),
          "inode " + inode.number(),
          inode.offset(),
          what + " encrypted by fscrypt",
          "what is stored in the clear",
          "Copy it inside the guest, with its key");
    }
  }

  @Override
  public EntryCursor entries() throws IOException {
    refuseEncrypted("the names of a directory");
    Directory.Cursor cursor = directory().cursor();
    return () -> {
      DirectoryEntry entry = cursor.next();
      while (entry != null && entry.isDots()) {
        entry = cursor.next();
      }
      return entry == null
          ? null
          : new Named(EntryNames.decode(entry.name()), entry.kind(), entry.inode());
    };
  }

  /** An entry of the directory. */
  private final class Named implements Entry {

    private final String name;
    private final Optional<FileKind> kind;
    private final long number;

    private Named(String name, Optional<FileKind> kind, long number) {
      this.name = name;
      this.kind = kind;
      this.number = number;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<FileKind> kind() {
      return kind;
    }

    @Override
    public Node node() throws IOException {
      return tree.node(number);
    }
  }

  @Override
  public Optional<Node> child(String name) throws IOException {
    refuseEncrypted("the names of a directory");
    OptionalLong number = directory().find(EntryNames.encode(name));
    return number.isPresent() ? Optional.of(tree.node(number.getAsLong())) : Optional.empty();
  }

  @Override
  public ByteSource content() throws IOException {
    refuseEncrypted("a file's content");
    if (inode.has(Inode.FLAG_VERITY)) {
      throw new UnsupportedFeature(
          volume.describe(),
          "inode " + inode.number(),
          inode.offset(),
          "a file protected by fs-verity",
          "files whose content needs no verification",
          "Copy it inside the guest");
    }
    if (inode.has(Inode.FLAG_INLINE_DATA)) {
      return InlineContent.of(volume, inode);
    }
    BlockMap map = BlockMap.of(volume, inode);
    long most = map.mostBlocks() * volume.blockSize();
    if (inode.size() > most) {
      throw corrupt(
          "i_size", 4, Fault.number(inode.size()), "what its blocks can hold, at most " + most);
    }
    return new ExtContent(volume, inode, map);
  }

  @Override
  public String linkTarget() throws IOException {
    refuseEncrypted("a link");
    return EntryNames.decode(LinkTarget.read(volume, inode));
  }

  @Override
  public Map<String, ByteSource> extendedAttributes() throws IOException {
    return ExtendedAttributes.of(volume, inode);
  }
}
