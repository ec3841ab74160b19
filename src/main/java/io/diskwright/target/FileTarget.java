package io.diskwright.target;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.FileRange;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
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
 * An output file with holes. It is written as {@code NAME.partial} beside its place, locked, and
 * takes its name in {@link #commit} only, when all of it is durable. Closing it before that removes
 * what was written.
 *
 * <p>Writers of several threads each write through a {@link Writer} of their own.
 */
public final class FileTarget implements Closeable {

  private final Path path;
  private final Path partial;
  private final boolean replace;
  private final TargetFormat format;
  private final long virtualSize;
  private final RandomAccessFile file;
  private @Nullable FileLock lock;
  private boolean committed;

  private FileTarget(
      Path path,
      Path partial,
      boolean replace,
      TargetFormat format,
      long virtualSize,
      RandomAccessFile file,
      FileLock lock) {
    this.path = path;
    this.partial = partial;
    this.replace = replace;
    this.format = format;
    this.virtualSize = virtualSize;
    this.file = file;
    this.lock = lock;
  }

  /** Where the bytes for {@code path} are written until they are complete. */
  public static Path partialOf(Path path) {
    return path.resolveSibling(path.getFileName() + ".partial");
  }

  /**
   * Creates the output, as one hole of the full length.
   *
   * @param virtualSize bytes, a multiple of the format's {@link TargetFormat#sizeMultiple()}
   * @param replace whether a file at {@code path} may be replaced
   * @throws FileAlreadyExistsException when there is one and it may not
   */
  public static FileTarget create(Path path, TargetFormat format, long virtualSize, boolean replace)
      throws IOException {
    if (virtualSize % format.sizeMultiple() != 0 || virtualSize > format.maximumSize()) {
      throw new IllegalArgumentException(format + " of " + virtualSize + " bytes");
    }
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
      FileLock lock = lock(file.getChannel(), partial);
      file.setLength(0);
      file.setLength(virtualSize);
      return new FileTarget(path, partial, replace, format, virtualSize, file, lock);
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

  /**
   * Makes what is written so far durable, beside the writers: the disk is then busy while they
   * decode, and little is left to wait for in {@link #commit}.
   */
  public void flush() throws IOException {
    file.getChannel().force(false);
  }

  /** A writer for one thread; the caller closes it. */
  public Writer writer() throws IOException {
    return new Writer(FileChannel.open(partial, StandardOpenOption.WRITE));
  }

  /**
   * Completes the output: trailer, fsync, its own name, fsync of the folder.
   *
   * @return the length of the file in bytes
   */
  public long commit() throws IOException {
    byte[] trailer = format.trailer(virtualSize);
    file.seek(virtualSize);
    file.write(trailer);
    file.getChannel().force(true);
    checkPlace(path, replace);
    if (lock != null) {
      lock.release();
      lock = null;
    }
    file.close();
    Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    committed = true;
    syncFolder(path);
    return virtualSize + trailer.length;
  }

  /** Makes the new name durable, where a folder can be opened at all. */
  private static void syncFolder(Path path) throws IOException {
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
    if (!committed) {
      try (file) {
        Files.deleteIfExists(partial);
      }
    }
  }

  /** Writes ranges of the output, in any order. For one thread. */
  public static final class Writer implements Closeable {

    private final FileChannel channel;

    private Writer(FileChannel channel) {
      this.channel = channel;
    }

    /** Writes the remaining bytes at {@code offset}. */
    public void write(ByteBuffer bytes, long offset) throws IOException {
      long position = offset;
      while (bytes.hasRemaining()) {
        position += channel.write(bytes, position);
      }
    }

    /** Copies a range of another file to {@code offset}, inside the kernel where it can. */
    public void copy(FileRange range, long offset) throws IOException {
      long done = 0;
      while (done < range.length()) {
        channel.position(offset + done);
        long count =
            range.channel().transferTo(range.offset() + done, range.length() - done, channel);
        if (count <= 0) {
          throw new CorruptImage(
              range.file().toString(),
              "file",
              range.offset() + done,
              "end of the file, now " + range.channel().size() + " bytes long",
              "the length it had when it was opened",
              "Something changes the file while it is read; stop the machine that uses it");
        }
        done += count;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
