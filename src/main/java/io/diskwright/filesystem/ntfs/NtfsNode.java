package io.diskwright.filesystem.ntfs;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.EntryNames;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.ntfs.IndexNode.IndexEntry;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.MemorySource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A file of NTFS as a node of the tree. */
final class NtfsNode implements Node {

  /** What ntfs-3g shows unless it is told to keep permissions. */
  private static final int PERMISSIONS = 0777;

  private static final String FOREIGN = "ntfs-3g.";

  private final NtfsFileSystem tree;
  private final NtfsVolume volume;
  private final NtfsFile file;
  private final StandardInformation information;
  private final Optional<ReparsePoint> reparse;
  private final Optional<SpecialFile> special;

  NtfsNode(NtfsFileSystem tree, NtfsVolume volume, NtfsFile file) throws IOException {
    this.tree = tree;
    this.volume = volume;
    this.file = file;
    Optional<Attribute> standard = file.first(Attribute.STANDARD_INFORMATION);
    if (standard.isEmpty()) {
      throw corrupt("no $STANDARD_INFORMATION", "times and attributes");
    }
    this.information = StandardInformation.parse(standard.get().value());
    Optional<Attribute> point = file.first(Attribute.REPARSE_POINT);
    this.reparse = point.isEmpty() ? Optional.empty() : Optional.of(reparse(point.get()));
    boolean mayBeSpecial =
        !file.record().isDirectory()
            && reparse.isEmpty()
            && information.isSystem()
            && file.record().number() >= NtfsVolume.FIRST_USER;
    if (mayBeSpecial) {
      this.special = special();
    } else {
      this.special = reparse.isPresent() ? ofLinux(reparse.get().tag()) : Optional.empty();
    }
  }

  private ReparsePoint reparse(Attribute attribute) throws IOException {
    ByteSource value = NtfsStream.open(volume, List.of(attribute));
    int length = (int) Math.min(value.size(), 1 << 14);
    return ReparsePoint.parse(
        value.view(attribute.structure(), 0, length, ByteOrder.LITTLE_ENDIAN));
  }

  private Optional<SpecialFile> special() throws IOException {
    List<Attribute> data = file.pieces(Attribute.DATA, "");
    return data.isEmpty() || data.getFirst().isEncrypted()
        ? Optional.empty()
        : SpecialFile.of(NtfsStream.open(volume, data), information.isHidden());
  }

  /** What the subsystem for Linux puts in place of special files. */
  private Optional<SpecialFile> ofLinux(int tag) throws IOException {
    return switch (tag) {
      case ReparsePoint.AF_UNIX -> Optional.of(new SpecialFile(FileKind.SOCKET, "", 0, 0));
      case ReparsePoint.LX_FIFO -> Optional.of(new SpecialFile(FileKind.FIFO, "", 0, 0));
      case ReparsePoint.LX_CHR -> Optional.of(device(FileKind.CHARACTER_DEVICE));
      case ReparsePoint.LX_BLK -> Optional.of(device(FileKind.BLOCK_DEVICE));
      default -> Optional.empty();
    };
  }

  private SpecialFile device(FileKind kind) throws IOException {
    Optional<Attribute> attribute = file.first(Attribute.EXTENDED);
    if (attribute.isEmpty()) {
      throw corrupt("no device number", "an extended attribute " + ExtendedAttributes.DEVICE);
    }
    ByteSource list = NtfsStream.open(volume, List.of(attribute.get()));
    ByteView number =
        ExtendedAttributes.value(list, attribute.get().structure(), ExtendedAttributes.DEVICE);
    return new SpecialFile(kind, "", (int) number.u32(0), (int) number.u32(4));
  }

  private CorruptImage corrupt(String found, String allowed) {
    return new CorruptImage(
        volume.describe(),
        "file record " + file.record().number(),
        file.record().number() * volume.boot().recordSize(),
        found,
        allowed);
  }

  NtfsFile file() {
    return file;
  }

  @Override
  public FileTree tree() {
    return tree;
  }

  @Override
  public long number() {
    return file.record().number();
  }

  private FileKind kind() {
    if (special.isPresent()) {
      return special.get().kind();
    }
    int tag = reparse.map(ReparsePoint::tag).orElse(0);
    return switch (tag) {
      case ReparsePoint.SYMLINK, ReparsePoint.MOUNT_POINT, ReparsePoint.LX_SYMLINK ->
          FileKind.SYMBOLIC_LINK;
      default -> file.record().isDirectory() ? FileKind.DIRECTORY : FileKind.REGULAR;
    };
  }

  @Override
  public NodeAttributes attributes() throws IOException {
    FileKind kind = kind();
    List<Attribute> data = file.pieces(Attribute.DATA, "");
    long size =
        switch (kind) {
          case SYMBOLIC_LINK -> EntryNames.encode(linkTarget()).length;
          case DIRECTORY -> indexSize();
          default -> data.isEmpty() ? 0 : data.getFirst().dataSize();
        };
    return new NodeAttributes(
        kind,
        PERMISSIONS,
        0,
        0,
        kind == FileKind.DIRECTORY ? 1 : file.record().links(),
        size,
        data.isEmpty() ? 0 : data.getFirst().allocatedSize(),
        information.times(),
        special.map(SpecialFile::major).orElse(0),
        special.map(SpecialFile::minor).orElse(0),
        information.flags());
  }

  private long indexSize() throws IOException {
    List<Attribute> blocks = file.pieces(Attribute.INDEX_ALLOCATION, "$I30");
    return blocks.isEmpty() ? 0 : blocks.getFirst().dataSize();
  }

  @Override
  public OptionalLong parentNumber() throws IOException {
    if (number() == NtfsVolume.ROOT) {
      return OptionalLong.empty();
    }
    List<FileName> names = file.names();
    if (names.isEmpty()) {
      throw corrupt("no $FILE_NAME", "a name and the directory that holds it");
    }
    return OptionalLong.of(names.getFirst().parentNumber());
  }

  @Override
  public EntryCursor entries() throws IOException {
    DirectoryIndex.Cursor cursor = DirectoryIndex.of(volume, file).cursor();
    return () -> {
      IndexEntry entry = cursor.next();
      while (entry != null && isHidden(entry)) {
        entry = cursor.next();
      }
      return entry == null ? null : named(entry);
    };
  }

  /** The root lists itself and the filesystem's own files, which no program sees. */
  private static boolean isHidden(IndexEntry entry) {
    return (entry.reference() & FileRecord.NUMBER_MASK) < NtfsVolume.FIRST_USER
        || entry.key().filter(FileName::isShort).isPresent();
  }

  private Named named(IndexEntry entry) throws CorruptImage {
    String name = entry.key().map(FileName::name).orElse("");
    if (EntryNames.isImpossible(name)) {
      throw corrupt("the name '" + Fault.printable(name) + "'", "names without a slash or a NUL");
    }
    return new Named(name, entry.reference());
  }

  /** An entry of the directory. */
  private final class Named implements Entry {

    private final String name;
    private final long reference;

    private Named(String name, long reference) {
      this.name = name;
      this.reference = reference;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<FileKind> kind() {
      return Optional.empty();
    }

    @Override
    public Node node() throws IOException {
      return tree.node(reference);
    }
  }

  @Override
  public Optional<Node> child(String name) throws IOException {
    OptionalLong reference = DirectoryIndex.of(volume, file).find(name);
    return reference.isPresent() ? Optional.of(tree.node(reference.getAsLong())) : Optional.empty();
  }

  @Override
  public ByteSource content() throws IOException {
    if (reparse.isPresent()) {
      if (reparse.get().tag() == ReparsePoint.WOF) {
        return WofContent.open(volume, file, reparse.get());
      }
      if (!reparse.get().isContentInPlace()) {
        throw new UnsupportedFeature(
            volume.describe(),
            "file record " + number(),
            number() * volume.boot().recordSize(),
            String.format("content elsewhere, by reparse tag 0x%08x", reparse.get().tag()),
            "content in the file",
            "Copy it inside the guest");
      }
    }
    List<Attribute> data = file.pieces(Attribute.DATA, "");
    return data.isEmpty()
        ? new MemorySource(volume.describe() + "[file record " + number() + "]", new byte[0])
        : NtfsStream.open(volume, data);
  }

  @Override
  public String linkTarget() throws IOException {
    if (special.isPresent()) {
      return special.get().target();
    }
    Optional<String> target = reparse.isEmpty() ? Optional.empty() : reparse.get().target();
    return target.orElseThrow(() -> corrupt("no target", "a link's target"));
  }

  /** ntfs-3g keeps attributes of other namespaces than the user's in streams, too. */
  private static String attributeName(String stream) {
    return stream.startsWith(FOREIGN) ? stream.substring(FOREIGN.length()) : "user." + stream;
  }

  @Override
  public Map<String, ByteSource> extendedAttributes() throws IOException {
    Map<String, ByteSource> streams = new TreeMap<>();
    for (Attribute attribute : file.attributes()) {
      boolean hidden =
          attribute.name().equals(WofContent.STREAM)
              && reparse.map(ReparsePoint::tag).orElse(0) == ReparsePoint.WOF;
      if (attribute.type() == Attribute.DATA && !attribute.name().isEmpty() && !hidden) {
        String name = attributeName(attribute.name());
        if (!streams.containsKey(name)) {
          streams.put(name, NtfsStream.open(volume, file.pieces(Attribute.DATA, attribute.name())));
        }
      }
    }
    return streams;
  }
}
