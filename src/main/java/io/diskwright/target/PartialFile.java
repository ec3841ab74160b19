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
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file with holes that is written as {@code NAME.partial} beside its place, locked, and takes its
 * name in {@link #publish} only, when all of it is durable. Closing it before that removes it,
 * unless {@link #keep} was called.
 */
public final class PartialFile implements Closeable {

  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  /** Each is spoilt only by another run that ends in that very moment. */
  private static final int ATTEMPTS = 100;

  private final Path path;
  private final Path partial;
  private final boolean replace;
  private final RandomAccessFile file;
  private final Optional<Object> key;
  private final List<FileChannel> channels = new ArrayList<>();
  private FileLock lock;
  private boolean settled;

  private PartialFile(
      Path path,
      Path partial,
      boolean replace,
      RandomAccessFile file,
      FileLock lock,
      Optional<Object> key) {
    this.path = path;
    this.partial = partial;
    this.replace = replace;
    this.file = file;
    this.lock = lock;
    this.key = key;
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
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      create(partial);
      Optional<Object> named = fileKey(partial);
      refuseUnlessFile(partial);
      var file = new RandomAccessFile(partial.toFile(), "rw");
      try {
        FileLock lock = lock(file.getChannel(), partial);
        // Meanwhile another run may have published the file that was opened here, or removed it.
        if (named.isPresent() && named.equals(fileKey(partial))) {
          return new PartialFile(path, partial, replace, file, lock, named);
        }
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
      file.close();
    }
    throw busy(partial);
  }

  /** Asked once: between two questions another run may publish the file. */
  private static void refuseUnlessFile(Path partial) throws IOException {
    BasicFileAttributes is;
    try {
      is = Files.readAttributes(partial, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (is.isSymbolicLink()) {
      throw new FileSystemException(partial.toString(), null, "is a symbolic link; remove it");
    }
    if (!is.isRegularFile()) {
      throw new FileSystemException(partial.toString(), null, "is no regular file; remove it");
    }
  }

  private static void create(Path partial) throws IOException {
    try {
      // Only this option makes a file with holes on Windows; elsewhere it changes nothing.
      FileChannel.open(
              partial,
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.SPARSE))
          .close();
    } catch (FileAlreadyExistsException e) {
      // As an earlier run has left it.
    }
  }

  /** By what the file of that name is known; a constant on systems that do not tell. */
  private static Optional<Object> fileKey(Path path) throws IOException {
    try {
      Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return Optional.of(key == null ? "" : key);
    } catch (NoSuchFileException e) {
      return Optional.empty();
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
      throw busy(partial);
    }
    return lock;
  }

  private static FileSystemException busy(Path partial) {
    return new FileSystemException(
        partial.toString(), null, "is being written by another conversion");
  }

  /** The file as it is named until it is published. */
  public Path path() {
    return partial;
  }

  /** The file's channel, for reading and writing at positions. */
  public FileChannel channel() {
    return file.getChannel();
  }

  /**
   * Another channel for writing, with a position of its own. It is closed with this file, and by
   * nobody before: a process that closes any channel of a file gives up its lock on it.
   */
  public synchronized FileChannel openChannel() throws IOException {
    FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE);
    channels.add(channel);
    return channel;
  }

  /**
   * Makes sure that nobody else has the file: reading it under its name, which closes a channel of
   * it, has given up the lock.
   */
  private void hold() throws IOException {
    boolean left = settled;
    settled = true; // until it is clear that the file is still this one's to remove
    lock.release();
    lock = lock(file.getChannel(), partial);
    if (!fileKey(partial).equals(key)) {
      throw busy(partial);
    }
    settled = left;
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
    hold();
    file.getChannel().force(true);
    return file.length();
  }

  /** Gives the file its name. */
  public void publish() throws IOException {
    hold();
    checkPlace(path, replace);
    if (WINDOWS) {
      closeChannels(); // nothing open can be renamed there
    }
    Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    settled = true;
    // Locked until it has its name: nobody else may take it for a file that was left over.
    closeChannels();
    syncFolder(path);
  }

  private synchronized void closeChannels() throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
    file.close();
  }

  /** Makes new and changed names in the folder of {@code path} durable, where that can be done. */
  public static void syncFolder(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || WINDOWS) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (!settled && file.getChannel().isOpen() && fileKey(partial).equals(key)) {
        Files.deleteIfExists(partial);
      }
    } finally {
      closeChannels();
    }
  }
}
