package io.diskwright.guest.os;

import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads what identifies a guest, bounded, and keeps what it was told by. What is absent is an empty
 * answer; what is there and cannot be read is one too, and kept with the reason. For one thread.
 */
public final class GuestReader {

  private final Path root;
  private final Map<String, String> hidden;
  private final List<Evidence> evidence = new ArrayList<>();
  private final Set<Unknown> unknowns = new LinkedHashSet<>();

  /**
   * Reads under a root.
   *
   * @param root whose file system resolves links inside the guest
   */
  public GuestReader(Path root) {
    this(root, Map.of());
  }

  /**
   * Reads under a root that does not show everything.
   *
   * @param hidden directories whose volumes are not read, with the reasons: what is absent below
   *     them is not known to be absent
   */
  public GuestReader(Path root, Map<String, String> hidden) {
    this.root = root;
    this.hidden = Map.copyOf(hidden);
  }

  /** Something that may fail because of what is in the guest. */
  @FunctionalInterface
  public interface Reading<T> {
    /** Reads; absence may be an exception. */
    Optional<T> of(Path path) throws IOException;
  }

  List<Evidence> evidence() {
    return List.copyOf(evidence);
  }

  /** What was there and could not be read, so far. */
  public List<Unknown> unknowns() {
    return List.copyOf(unknowns);
  }

  void found(String fact, String source, String found) {
    evidence.add(new Evidence(fact, absolute(source), clean(found)));
  }

  /** Keeps what could not be told, and why. */
  public void unknown(String what, String reason) {
    unknowns.add(new Unknown(what, clean(reason)));
  }

  /** A value from the guest as it may be shown: one line, no control characters, not too long. */
  static String clean(String value) {
    String line = Fault.printable(value.strip());
    return line.length() <= Limits.VALUE ? line : line.substring(0, Limits.VALUE) + "…";
  }

  /** A path inside the guest as it is shown. */
  static String absolute(String path) {
    return path.startsWith("/") || path.contains("\\") ? path : "/" + path;
  }

  /** The text of a regular file of bearable size. */
  public Optional<String> text(String path) throws IOException {
    return attempt(path, file -> text(path, file));
  }

  private Optional<String> text(String path, Path file) throws IOException {
    if (!isRegular(path, file)) {
      return Optional.empty();
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      if (channel.size() > Limits.TEXT) {
        unknown(
            absolute(path),
            Fault.number(channel.size())
                + " bytes, more than the "
                + Limits.TEXT
                + " that are read");
        return Optional.empty();
      }
      byte[] bytes = new byte[(int) channel.size()];
      int length = fill(channel, ByteBuffer.wrap(bytes));
      return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }
  }

  /** The first bytes of a regular file, fewer when it is shorter; little-endian. */
  public Optional<ByteView> head(String path, int length) throws IOException {
    return bytes(path, 0, length);
  }

  /** Bytes of a regular file, fewer when it ends before; little-endian. */
  public Optional<ByteView> bytes(String path, long offset, int length) throws IOException {
    return attempt(
        path,
        file -> {
          if (!isRegular(path, file)) {
            return Optional.empty();
          }
          try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            fill(channel.position(offset), bytes);
            return Optional.of(
                new ByteView(bytes.flip(), ByteOrder.LITTLE_ENDIAN, path, "content", offset));
          }
        });
  }

  /** The names in a directory that are wanted, sorted. */
  public List<String> names(String path, Predicate<String> wanted) throws IOException {
    Optional<List<String>> names =
        attempt(path, directory -> Optional.of(list(path, directory, wanted)));
    return names.orElse(List.of());
  }

  private List<String> list(String path, Path directory, Predicate<String> wanted)
      throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      int seen = 0;
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (++seen > Limits.NAMES) {
          unknown(absolute(path), "more names than the " + Limits.NAMES + " that are looked at");
          break;
        }
        if (wanted.test(name)) {
          names.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    return names;
  }

  /** Whether it is a regular file, or a link to one. */
  public boolean isFile(String path) throws IOException {
    return attempt(
            path,
            file ->
                Optional.of(Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()))
        .orElse(false);
  }

  /** Whether there is anything, links followed. */
  public boolean exists(String path) throws IOException {
    return attempt(path, file -> Optional.of(Files.readAttributes(file, BasicFileAttributes.class)))
        .isPresent();
  }

  /** Whether it is a directory, or a link to one. */
  public boolean isDirectory(String path) throws IOException {
    return attempt(
            path,
            file ->
                Optional.of(Files.readAttributes(file, BasicFileAttributes.class).isDirectory()))
        .orElse(false);
  }

  /** What the guest's filesystem says of a file, links followed. */
  public Optional<NodeAttributes> attributes(String path) throws IOException {
    return attempt(path, file -> Optional.of(TreeFileSystem.node(file).attributes()));
  }

  /** What the guest's filesystem says of a file or of a link itself. */
  public Optional<NodeAttributes> ownAttributes(String path) throws IOException {
    return attempt(
        path,
        file -> Optional.of(TreeFileSystem.node(file, LinkOption.NOFOLLOW_LINKS).attributes()));
  }

  /** Where a link leads, as it is written; empty when the path is no link. */
  public Optional<String> link(String path) throws IOException {
    return attempt(
        path,
        file ->
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isSymbolicLink()
                ? Optional.of(Files.readSymbolicLink(file).toString())
                : Optional.empty());
  }

  /** The path with all links resolved, from the root on and with a slash first. */
  public Optional<String> real(String path) throws IOException {
    return attempt(
        path,
        file -> Optional.of("/" + root.toRealPath().relativize(file.toRealPath()).toString()));
  }

  /** Reads something; empty when it is absent, and when the guest is at fault, which is kept. */
  public <T> Optional<T> attempt(String path, Reading<T> reading) throws IOException {
    try {
      return reading.of(root.resolve(path.startsWith("/") ? path.substring(1) : path));
    } catch (NoSuchFileException | NotDirectoryException | InvalidPathException absent) {
      String wanted = absolute(path);
      hidden.forEach((directory, reason) -> {
        if (wanted.startsWith(directory + "/")) {
          unknown(wanted, reason);
        }
      });
      return Optional.empty();
    } catch (ImageException e) {
      unknown(absolute(path), e.fault().message());
      return Optional.empty();
    } catch (FileSystemException e) {
      String reason = e.getReason();
      unknown(absolute(path), reason == null ? e.getClass().getSimpleName() : reason);
      return Optional.empty();
    }
  }

  /** Opening a named pipe would wait for a writer. */
  private boolean isRegular(String path, Path file) throws IOException {
    boolean regular = Files.readAttributes(file, BasicFileAttributes.class).isRegularFile();
    if (!regular) {
      unknown(absolute(path), "not a regular file");
    }
    return regular;
  }

  private static int fill(SeekableByteChannel channel, ByteBuffer target) throws IOException {
    while (target.hasRemaining() && channel.read(target) >= 0) {
      // A channel may give less than there is.
    }
    return target.position();
  }
}
