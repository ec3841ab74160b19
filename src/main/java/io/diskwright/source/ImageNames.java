package io.diskwright.source;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.io.FilenameUtils;

/** What the suffixes of file names promise. Content decides; a name can only contradict it. */
public final class ImageNames {

  private static final Set<String> COMPRESSED =
      Set.of("gz", "tgz", "xz", "txz", "zst", "zstd", "tzst", "bz2", "tbz2", "lz4");

  private static final Set<String> ARCHIVES =
      Set.of("tar", "ova", "zip", "tgz", "txz", "tzst", "tbz2");

  private static final Set<String> CONTAINERS =
      Set.of("qcow2", "qcow", "qed", "vmdk", "vdi", "vhd", "vpc", "vhdx", "avhd", "avhdx");

  /** A container's signature at the start of such a file may be the guest's own work. */
  private static final Set<String> PLAIN = Set.of("raw", "dd");

  private ImageNames() {}

  /** The suffix after the last dot, in lower case; empty when there is none. */
  public static String suffix(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : FilenameUtils.getExtension(name.toString()).toLowerCase(Locale.ROOT);
  }

  /** The suffix that speaks of the image itself: {@code raw} for {@code disk.raw.gz}. */
  public static String imageSuffix(Path path) {
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    while (isCompressed(FilenameUtils.getExtension(name).toLowerCase(Locale.ROOT))) {
      name = FilenameUtils.removeExtension(name);
    }
    return FilenameUtils.getExtension(name).toLowerCase(Locale.ROOT);
  }

  /** The name without its suffix, and without those of compressed files. */
  public static String stem(Path path) {
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    while (isCompressed(FilenameUtils.getExtension(name).toLowerCase(Locale.ROOT))
        && name.indexOf('.') > 0) {
      name = FilenameUtils.removeExtension(name);
    }
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** Whether a suffix promises a compressed file. */
  public static boolean isCompressed(String suffix) {
    return COMPRESSED.contains(suffix);
  }

  /** Whether a suffix promises an archive. */
  public static boolean isArchive(String suffix) {
    return ARCHIVES.contains(suffix);
  }

  /** Whether a suffix promises an image with a container's signature. */
  public static boolean isContainer(String suffix) {
    return CONTAINERS.contains(suffix);
  }

  /** Whether a suffix promises a disk and nothing around it. */
  public static boolean isPlain(String suffix) {
    return PLAIN.contains(suffix);
  }
}
