package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.Entry;
import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.NodeTimes;
import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file or a directory. A directory's number is its first cluster; a file's is the offset of its
 * entry, since files without content have no cluster. The two never meet: entries lie behind the
 * file allocation table, which takes more than a byte a cluster.
 *
 * @param entry empty for the root
 */
record FatNode(FatFileSystem fileSystem, FatVolume volume, Optional<ShortEntry> entry)
    implements Node {

  private static final int PERMISSIONS = 0755;
  private static final int READ_ONLY_PERMISSIONS = 0555;

  private record FatEntry(String name, FatNode target) implements Entry {
    @Override
    public Optional<FileKind> kind() {
      return Optional.of(target.kind());
    }

    @Override
    public Node node() {
      return target;
    }
  }

  @Override
  public FileTree tree() {
    return fileSystem;
  }

  private FileKind kind() {
    return entry.isEmpty() || entry.get().isDirectory() ? FileKind.DIRECTORY : FileKind.REGULAR;
  }

  @Override
  public long number() {
    if (entry.isEmpty()) {
      return FatVolume.ROOT;
    }
    ShortEntry named = entry.get();
    return named.isDirectory()
        ? volume.directoryNumber(named.firstCluster()).orElse(named.offset())
        : named.offset();
  }

  /** The number of a directory that can be read. */
  private long directory() throws CorruptImage {
    if (entry.isEmpty()) {
      return FatVolume.ROOT;
    }
    ShortEntry named = entry.get();
    OptionalLong found = volume.directoryNumber(named.firstCluster());
    if (!named.isDirectory() || found.isEmpty()) {
      throw volume
          .fat()
          .refuse(
              "directory entry '" + named.displayName() + "' first cluster",
              named.offset(),
              Fault.number(named.firstCluster()));
    }
    return found.getAsLong();
  }

  @Override
  public NodeAttributes attributes() throws IOException {
    return kind() == FileKind.DIRECTORY ? directoryAttributes() : fileAttributes(entry.get());
  }

  private NodeAttributes fileAttributes(ShortEntry file) {
    int cluster = volume.boot().clusterBytes();
    long size = file.fileSize();
    return new NodeAttributes(
        FileKind.REGULAR,
        file.isReadOnly() ? READ_ONLY_PERMISSIONS : PERMISSIONS,
        0,
        0,
        1,
        size,
        Math.ceilDiv(size, cluster) * cluster,
        file.times(),
        0,
        0,
        file.flags());
  }

  /** As Linux: its links are counted, its size is what it takes. */
  private NodeAttributes directoryAttributes() throws IOException {
    DirectorySize size = fileSystem.size(directory());
    var root = new NodeTimes(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Optional.empty());
    return new NodeAttributes(
        FileKind.DIRECTORY,
        PERMISSIONS,
        0,
        0,
        size.links(),
        size.bytes(),
        size.bytes(),
        entry.map(ShortEntry::times).orElse(root),
        0,
        0,
        entry.map(ShortEntry::flags).orElse(Set.of()));
  }

  @Override
  public OptionalLong parentNumber() throws IOException {
    return kind() == FileKind.DIRECTORY
        ? DirectoryScan.parent(volume, directory())
        : OptionalLong.empty();
  }

  @Override
  public EntryCursor entries() throws IOException {
    var scan = new DirectoryScan(volume, directory());
    return () -> entry(scan.next());
  }

  private @Nullable Entry entry(@Nullable NamedEntry named) throws CorruptImage {
    if (named == null) {
      return null;
    }
    if (!named.isPossible()) {
      throw new CorruptImage(
          fileSystem.describe(),
          FatVolume.directoryName(number()) + " name",
          named.entry().offset(),
          named.quoted(),
          NamedEntry.ALLOWED,
          "Check the filesystem inside the guest");
    }
    return new FatEntry(named.name(), new FatNode(fileSystem, volume, Optional.of(named.entry())));
  }

  @Override
  public Optional<Node> child(String name) throws IOException {
    return fileSystem
        .index(directory())
        .find(name)
        .map(found -> new FatNode(fileSystem, volume, Optional.of(found)));
  }

  @Override
  public ByteSource content() throws IOException {
    if (kind() == FileKind.DIRECTORY) {
      throw new IOException(fileSystem.describe() + ": directory " + number() + " has no content");
    }
    ShortEntry file = entry.get();
    BootSector boot = volume.boot();
    long wanted = Math.ceilDiv(file.fileSize(), boot.clusterBytes());
    String structure = "file " + number();
    // A file of no bytes has no cluster, whatever its entry says.
    long first = wanted == 0 ? boot.kind().mask() : file.firstCluster();
    ClusterChain chain = ClusterChain.follow(volume.fat(), structure, first, wanted);
    if (chain.length() < wanted) {
      throw new CorruptImage(
          volume.content().describe(),
          structure + " cluster chain",
          file.offset(),
          chain.length() + " clusters",
          wanted + " clusters for the size " + Fault.number(file.fileSize()),
          "Check the filesystem inside the guest");
    }
    return new FileContent(volume.content(), boot, chain, number(), file.fileSize());
  }

  @Override
  public String linkTarget() throws IOException {
    throw new IOException(fileSystem.describe() + ": FAT has no symbolic links");
  }

  @Override
  public Map<String, ByteSource> extendedAttributes() {
    return Map.of();
  }
}
