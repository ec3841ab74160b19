package io.diskwright.format;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.PageCache;
import io.diskwright.io.UnsafeReference;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a format may use while it opens one image: the shared metadata cache, and the gate to the
 * files the image names.
 */
public final class OpenContext {

  private static final int MAX_DEPTH = 256;

  private final Path file;
  private final Optional<OpenContext> parent;
  private final Surroundings surroundings;
  private final PageCache cache;
  private final OpenOptions options;
  private final Opener opener;

  /** Opens an image of a named format, or of whatever format its content shows. */
  interface Opener {
    DiskImage open(ByteSource source, Optional<String> format, OpenContext context)
        throws IOException;
  }

  OpenContext(
      Path file, Surroundings surroundings, PageCache cache, OpenOptions options, Opener opener) {
    this(file, Optional.empty(), surroundings, cache, options, opener);
  }

  private OpenContext(
      Path file,
      Optional<OpenContext> parent,
      Surroundings surroundings,
      PageCache cache,
      OpenOptions options,
      Opener opener) {
    this.file = file;
    this.parent = parent;
    this.surroundings = surroundings;
    this.cache = cache;
    this.options = options;
    this.opener = opener;
  }

  /** The metadata cache of this image and its whole chain. */
  public PageCache cache() {
    return cache;
  }

  /**
   * The internal snapshot the user wants to read. Only the image the user named has one: a chain
   * below it is read in its active state.
   */
  public Optional<String> snapshot() {
    return parent.isPresent() ? Optional.empty() : options.snapshot();
  }

  /** The file whose content unlocks an encrypted image of this chain. */
  public Optional<Path> secretFile() {
    return options.secretFile();
  }

  /** The image file being opened. */
  public Path file() {
    return file;
  }

  /**
   * Opens another image that this image names, through the reference policy. The caller closes it.
   *
   * @param role what it is to this image, for messages and reports: {@code backing}, {@code parent}
   * @param name the reference as it stands in the image
   * @param offset where it stands, in bytes, or {@link Fault#NOWHERE}
   * @param format the format the image says it has; empty to recognise it by content
   * @throws UnsafeReference when it may not be opened, or is already open in this chain
   */
  public Referenced<DiskImage> openImage(
      String role, String name, long offset, Optional<String> format) throws IOException {
    Surroundings.Neighbour neighbour = surroundings.open(file, role, name, offset);
    try {
      refuseLoop(neighbour.path(), role, name, offset);
    } catch (IOException | RuntimeException e) {
      neighbour.source().close();
      throw e;
    }
    var child =
        new OpenContext(neighbour.path(), Optional.of(this), surroundings, cache, options, opener);
    DiskImage image = opener.open(neighbour.source(), format, child);
    return new Referenced<>(image, new ExternalFile(role, neighbour.path()));
  }

  private void refuseLoop(Path named, String role, String name, long offset) throws IOException {
    int depth = 1;
    for (Optional<OpenContext> c = Optional.of(this); c.isPresent(); c = c.get().parent) {
      if (isSame(c.get().file, named)) {
        throw new UnsafeReference(
            file.toString(),
            role,
            offset,
            "'" + name + "', which is already part of this chain",
            "a chain without loops",
            "Rebase the image onto the right " + role);
      }
      if (++depth > MAX_DEPTH) {
        throw new LimitExceeded(
            file.toString(),
            role,
            offset,
            "a chain deeper than " + MAX_DEPTH,
            "up to " + MAX_DEPTH);
      }
    }
  }

  /** Whether two paths name one file; members of archives are no files of the file system. */
  private static boolean isSame(Path a, Path b) throws IOException {
    return a.equals(b) || Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
  }

  /**
   * Opens a plain file that this image names (an extent), through the reference policy. The caller
   * closes it. The parameters are those of {@link #openImage}.
   */
  public Referenced<ByteSource> openFile(String role, String name, long offset) throws IOException {
    Surroundings.Neighbour neighbour = surroundings.open(file, role, name, offset);
    return new Referenced<>(neighbour.source(), new ExternalFile(role, neighbour.path()));
  }

  /**
   * The names that {@link #openImage} and {@link #openFile} can be asked for, the image's own among
   * them, for references that are no names: a parent known by its UUID alone, a name in another
   * case.
   */
  public List<String> neighbours() throws IOException {
    return surroundings.names(file);
  }

  /** Whether a file that was opened here is the image itself. */
  public boolean isOwnFile(ExternalFile named) throws IOException {
    return isSame(file, named.path());
  }

  /** Something opened, and how reports name it. */
  public record Referenced<T>(T opened, ExternalFile file) {}
}
