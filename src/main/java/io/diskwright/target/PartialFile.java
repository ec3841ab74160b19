package io.diskwright.target;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file with holes that is written as {@code NAME.partial} beside its place, locked, and takes its
 * name in {@link #publish} only, when all of it is durable. Closing it before that removes it,
 * unless {@link #keep} was called.
 */
public final class PartialFile implements Closeable {

  private final Path path;
  private final Path partial;
  private final boolean replace;
  private final RandomAccessFile file;
  private @Nullable FileLock lock;
  private boolean settled;

  private PartialFile(
      Path path, Path partial, boolean replace, RandomAccessFile file, FileLock lock) {
    this.path = path;
    this.partial = partial;
    this.replace = replace;
    this.file = file;
    this.lock = lock;
  }

  /** Where the bytes for {@code path} are written until they are complete. */
  public static Path partialOf(Path path) {
    return path.resolveSibling(path.getFileName() + ".partial");
  }

  /**
   * Opens the file, as an earlier run may have left it.
   *
   * @param replace whether a file at {@code path} may be replaced
   * @throws FileAlreadyExistsException when there is one and it may not
   */
  public static PartialFile open(Path path, boolean replace) throws IOException {
    checkPlace(path, replace);
    Path partial = partialOf(path);
    if (Files.isSymbolicLink(partial)) {
      throw new FileSystemException(partial.toString(), null, "is a symbolic link; remove it");
    }
    if (!Files.exists(partial)) {
      // Only this option makes a file with holes on Windows; elsewhere it changes nothing.
      FileChannel.open(
              partial,
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.SPARSE))
          .close();
    }
    var file = new RandomAccessFile(partial.toFile(), "rw");
    try {
      return new PartialFile(path, partial, replace, file, lock(file.getChannel(), partial));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void checkPlace(Path path, boolean replace) throws IOException {
    if (Files.isDirectory(path)) {
      throw new FileSystemException(path.toString(), null, "is a directory; name the output file");
    }
    if (Files.exists(path)) {
      if (!replace) {
        throw new FileAlreadyExistsException(
            path.toString(), null, "exists already; use --force to replace it");
      }
      if (!Files.isRegularFile(path)) {
        throw new FileSystemException(path.toString(), null, "is no regular file");
      }
    }
  }

  private static FileLock lock(FileChannel channel, Path partial) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new FileSystemException(
          partial.toString(), null, "is being written by another conversion");
    }
    return lock;
  }

  /** The file as it is named until it is published. */
  public Path path() {
    return partial;
  }

  /** The file's channel, for reading and writing at positions. */
  public FileChannel channel() {
    return file.getChannel();
  }

  /** Another channel for writing, with a position of its own; the caller closes it. */
  public FileChannel openChannel() throws IOException {
    return FileChannel.open(partial, StandardOpenOption.WRITE);
  }

  /** Cuts the file, or lengthens it with a hole, to {@code length} bytes. */
  public void setLength(long length) throws IOException {
    file.setLength(length);
  }

  /** Makes the bytes written so far durable. Any thread. */
  public void flush() throws IOException {
    file.getChannel().force(false);
  }

  /** From now on closing leaves what was written, for a later run. */
  public void keep() {
    settled = true;
  }

  /**
   * Makes the file durable as it is now.
   *
   * @return its length in bytes
   */
  public long finish() throws IOException {
    file.getChannel().force(true);
    return file.length();
  }

  /** Gives the file its name. */
  public void publish() throws IOException {
    checkPlace(path, replace);
    if (lock != null) {
      lock.release();
      lock = null;
    }
    file.close();
    Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    settled = true;
    syncFolder(path);
  }

  /** Makes new and changed names in the folder of {@code path} durable, where that can be done. */
  public static void syncFolder(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || System.getProperty("os.name", "").startsWith("Windows")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    try (file) {
      if (!settled) {
        Files.deleteIfExists(partial);
      }
    }
  }
}
