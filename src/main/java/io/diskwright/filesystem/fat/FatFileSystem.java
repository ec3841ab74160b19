package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.Problem;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A FAT12, FAT16 or FAT32 volume with long names. Modes, times and short names are what Linux shows
 * by default to root with {@code tz=UTC}. Follows Microsoft's specification 1.03, and Linux where
 * volumes in the field differ from it.
 *
 * <p>Names are found by their long or short form, in whatever case. Safe for any thread.
 */
public final class FatFileSystem implements FileTree {

  static final String TYPE = "vfat";

  private static final int INDEXES = 4;
  private static final int SIZES = 4096;

  private final FatVolume volume;
  private final Map<Long, DirectoryIndex> indexes = new Recent<>(INDEXES);
  private final Map<Long, DirectorySize> sizes = new Recent<>(SIZES);
  private volatile @Nullable FilesystemFacts facts;

  /** The most recently used of something, by the number of its directory. */
  private static final class Recent<T> extends LinkedHashMap<Long, T> {
    private static final long serialVersionUID = 1;
    private final int most;

    Recent(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, T> eldest) {
      return size() > most;
    }
  }

  private FatFileSystem(FatVolume volume) {
    this.volume = volume;
  }

  /**
   * Opens a volume.
   *
   * @param volume exactly the partition; the caller closes it, after the last use of what it gave
   * @return empty when it is no FAT
   * @throws io.diskwright.io.CorruptImage when its boot sector contradicts itself, or the file
   *     allocation tables do not lie inside the volume
   * @throws io.diskwright.io.UnsupportedFeature when it is an exFAT
   */
  public static Optional<FatFileSystem> open(ByteSource volume) throws IOException {
    if (volume.size() < BootSector.SIZE) {
      return Optional.empty();
    }
    ByteView view = volume.view("boot sector", 0, BootSector.SIZE, ByteOrder.LITTLE_ENDIAN);
    if (BootSector.isExfat(view)) {
      throw view.unsupported("FileSystemName", 3, "EXFAT", "FAT12, FAT16 or FAT32");
    }
    return BootSector.isFat(view)
        ? Optional.of(new FatFileSystem(FatVolume.of(volume, BootSector.parse(view))))
        : Optional.empty();
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String describe() {
    return volume.content().describe();
  }

  @Override
  public Node root() {
    return new FatNode(this, volume, Optional.empty());
  }

  @Override
  public FilesystemFacts facts() throws IOException {
    FilesystemFacts known = facts;
    if (known == null) {
      known = VolumeFacts.of(volume);
      facts = known;
    }
    return known;
  }

  @Override
  public void check(Consumer<Problem> problems) throws IOException {
    new ConsistencyCheck(volume, problems).run();
  }

  /** The names of a directory; those of the last few that were asked for are kept. */
  DirectoryIndex index(long directory) throws IOException {
    synchronized (indexes) {
      DirectoryIndex known = indexes.get(directory);
      if (known != null) {
        return known;
      }
    }
    DirectoryIndex read = DirectoryIndex.read(volume, directory);
    synchronized (indexes) {
      indexes.put(directory, read);
    }
    return read;
  }

  /** What a directory takes, counted once as long as it is remembered. */
  DirectorySize size(long directory) throws IOException {
    synchronized (sizes) {
      DirectorySize known = sizes.get(directory);
      if (known != null) {
        return known;
      }
    }
    DirectorySize read = DirectorySize.read(volume, directory);
    synchronized (sizes) {
      sizes.put(directory, read);
    }
    return read;
  }
}
