package io.diskwright.filesystem.ntfs;

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
 * NTFS 3.x, as ntfs-3g shows it by default: the filesystem's own files are hidden, names match
 * whatever their case, compressed files are read in the clear, alternate streams are attributes
 * {@code user.NAME}, junctions and symbolic links lead to paths of the volume. Safe for any thread.
 */
public final class NtfsFileSystem implements FileTree {

  private final NtfsVolume volume;
  private final ByteSource source;

  private NtfsFileSystem(NtfsVolume volume, ByteSource source) {
    this.volume = volume;
    this.source = source;
  }

  /**
   * Opens the filesystem of a volume.
   *
   * @param source exactly the volume's bytes; somebody else closes it, after the tree's last use
   * @return empty when there is no boot sector of NTFS
   * @throws ImageException when there is one, and the volume is damaged
   */
  public static Optional<NtfsFileSystem> open(ByteSource source) throws IOException {
    if (source.size() < BootSector.LENGTH) {
      return Optional.empty();
    }
    ByteView view = source.view("boot sector", 0, BootSector.LENGTH, ByteOrder.LITTLE_ENDIAN);
    if (!BootSector.isMagic(view)) {
      return Optional.empty();
    }
    var volume = new NtfsVolume(source, BootSector.parse(view));
    return Optional.of(new NtfsFileSystem(volume, source));
  }

  @Override
  public String type() {
    return "ntfs";
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public Node root() throws IOException {
    return node(NtfsVolume.ROOT);
  }

  Node node(long reference) throws IOException {
    return new NtfsNode(this, volume, volume.file(reference));
  }

  @Override
  public FilesystemFacts facts() throws IOException {
    return new NtfsFacts(volume, this, source.size()).facts();
  }

  @Override
  public void check(Consumer<Problem> problems) throws IOException {
    facts().problems().forEach(problems);
    new NtfsCheck(volume, problems).run();
  }
}
