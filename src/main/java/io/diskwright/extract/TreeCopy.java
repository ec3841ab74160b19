package io.diskwright.extract;

import io.diskwright.filesystem.Node;
import io.diskwright.filesystem.NodeAttributes;
import io.diskwright.filesystem.TreeFileSystem;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies a file or a tree out of a guest into the host's file system: contents with their holes,
 * symbolic and hard links, permissions without set-user-id and the like, times. Owners are not
 * kept, and devices, pipes and sockets are left out, since both need root.
 *
 * <p>The copy takes its name when it is complete; until then, and when it fails, nothing stands at
 * the target. A guest that names one file twice cannot lead the copy out of the target: everything
 * is created anew, and nothing that exists is written to.
 */
public final class TreeCopy {

  private static final int BUFFER = 1 << 20;
  private static final String PARTIAL = ".partial";

  private final Skipped skipped;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final Map<Key, Path> linked = new HashMap<>();

  private TreeCopy(Skipped skipped) {
    this.skipped = skipped;
  }

  /** A node with several names, of which the first was copied. */
  private record Key(Object tree, long number) {}

  /** A directory whose entries are being copied. */
  private record Open(
      DirectoryStream<Path> stream, Iterator<Path> entries, Path source, Path target) {}

  /**
   * Copies.
   *
   * @param source a path of a {@link TreeFileSystem}; a link that it names itself is followed
   * @param target a folder, into which the copy is put under its own name, or a name that does not
   *     exist yet
   * @return where the copy stands
   * @throws FileAlreadyExistsException when something stands there already
   */
  public static Path copy(Path source, Path target, Skipped skipped) throws IOException {
    Path real = source.toRealPath();
    Path name = real.getFileName();
    boolean into = Files.isDirectory(target);
    if (into && name == null) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "exists; the root of a guest needs a new name");
    }
    Path end = into && name != null ? child(target, name) : target;
    if (Files.exists(end, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(end.toString(), null, "exists already");
    }
    Path partial = end.resolveSibling(end.getFileName() + PARTIAL);
    remove(partial);
    boolean complete = false;
    try {
      new TreeCopy(skipped).copyAll(real, partial);
      Files.move(partial, end, StandardCopyOption.ATOMIC_MOVE);
      complete = true;
    } finally {
      if (!complete) {
        remove(partial);
      }
    }
    return end;
  }

  private void copyAll(Path source, Path target) throws IOException {
    Deque<Open> open = new ArrayDeque<>();
    Open first = copyOne(source, target);
    if (first != null) {
      open.push(first);
    }
    while (!open.isEmpty()) {
      Open directory = open.element();
      Path entry = next(directory);
      if (entry == null) {
        directory.stream.close();
        open.pop();
        attributes(itself(directory.source).attributes(), directory.target);
        continue;
      }
      Open inner = copyOne(entry, child(directory.target, entry));
      if (inner != null) {
        open.push(inner);
      }
    }
  }

  private static @Nullable Path next(Open directory) throws IOException {
    try {
      return directory.entries.hasNext() ? directory.entries.next() : null;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static Path child(Path folder, Path entry) throws IOException {
    String name = String.valueOf(entry.getFileName());
    try {
      Path child = folder.resolve(name);
      if (folder.equals(child.getParent())) {
        return child;
      }
    } catch (InvalidPathException e) {
      // refused below: what cannot be named here
    }
    throw new IOException(
        entry
            + ": a name that this system cannot give a file here; copy to - , which writes a tar"
            + " with the name as it is");
  }

  /** Copies a node; a directory is only made, and comes back to be gone through. */
  private @Nullable Open copyOne(Path source, Path target) throws IOException {
    Node node = itself(source);
    NodeAttributes attributes = node.attributes();
    switch (attributes.kind()) {
      case DIRECTORY -> {
        Files.createDirectory(target);
        DirectoryStream<Path> stream = Files.newDirectoryStream(source);
        return new Open(stream, stream.iterator(), source, target);
      }
      case SYMBOLIC_LINK -> Files.createSymbolicLink(target, Path.of(node.linkTarget()));
      case REGULAR -> {
        var key = new Key(node.tree(), node.number());
        Path first = linked.get(key);
        if (first != null) {
          Files.createLink(target, first);
          return null;
        }
        content(node.content(), target);
        attributes(attributes, target);
        if (attributes.links() > 1) {
          linked.put(key, target);
        }
      }
      default -> skipped.skipped(source.toString(), "it is a " + attributes.kind().title());
    }
    return null;
  }

  private void content(ByteSource content, Path target) throws IOException {
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long position = 0;
      while (position < content.size()) {
        Run run = content.runAt(position, content.size() - position);
        if (!run.hole()) {
          write(content, position, run.length(), out);
        }
        position += run.length();
      }
      if (out.size() < content.size()) {
        // The hole at the end: only a byte there gives the file its size.
        out.write(ByteBuffer.allocate(1), content.size() - 1);
      }
    }
  }

  private void write(ByteSource content, long start, long length, FileChannel out)
      throws IOException {
    long position = start;
    while (position < start + length) {
      buffer.clear().limit((int) Math.min(BUFFER, start + length - position));
      content.read(position, buffer);
      buffer.flip();
      while (buffer.hasRemaining()) {
        position += out.write(buffer, position);
      }
    }
  }

  private static void attributes(NodeAttributes attributes, Path target) throws IOException {
    var posix = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    if (posix != null) {
      Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
      for (PosixFilePermission permission : PosixFilePermission.values()) {
        // The enumeration runs from the owner's read, the highest bit, to the others' execute.
        if ((attributes.permissions() >> (8 - permission.ordinal()) & 1) != 0) {
          permissions.add(permission);
        }
      }
      posix.setPermissions(permissions);
    }
    Files.getFileAttributeView(target, BasicFileAttributeView.class)
        .setTimes(
            FileTime.from(attributes.times().modified()),
            FileTime.from(attributes.times().accessed()),
            null);
  }

  private static Node itself(Path path) throws IOException {
    return TreeFileSystem.node(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static void remove(Path partial) throws IOException {
    if (!Files.exists(partial, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        partial,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
