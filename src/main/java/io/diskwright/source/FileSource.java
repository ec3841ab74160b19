package io.diskwright.source;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.FileRange;
import io.diskwright.io.HoleFinder;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A regular file, opened for reading only. */
public final class FileSource implements ByteSource {

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private @Nullable Optional<HoleFinder> holes;

  private FileSource(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  /**
   * Opens a file.
   *
   * @throws FileSystemException when it is missing, may not be read, or is no regular file
   */
  public static FileSource open(Path path) throws IOException {
    // Asked before opening: opening a FIFO would wait for its writer, opening a device has effects.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new FileSystemException(
          path.toString(),
          null,
          Files.isDirectory(path) ? "is a directory, not an image" : "is not a regular file");
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new FileSource(path, channel, channel.size());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The path it was opened by. */
  public Path path() {
    return path;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    checkInside("data", offset, target.remaining());
    long position = offset;
    while (target.hasRemaining()) {
      int count = channel.read(target, position);
      if (count < 0) {
        throw shrunk(position);
      }
      position += count;
    }
  }

  private CorruptImage shrunk(long position) throws IOException {
    return new CorruptImage(
        describe(),
        "file",
        position,
        "end of the file, now " + channel.size() + " bytes long",
        size + " bytes, its length when it was opened",
        "Something changes the file while it is read; stop the machine that uses it");
  }

  @Override
  public String describe() {
    return path.toString();
  }

  @Override
  public FileRange fileRange(long offset, long length) {
    return new FileRange(path, channel, offset, length);
  }

  @Override
  public Run runAt(long offset, long length) {
    Optional<HoleFinder> finder = holeFinder();
    return finder.isPresent() ? finder.get().runAt(offset, length) : new Run(false, length);
  }

  private synchronized Optional<HoleFinder> holeFinder() {
    Optional<HoleFinder> current = holes;
    if (current == null) {
      current = HoleFinder.open(path, size);
      holes = current;
    }
    return current;
  }

  @Override
  public synchronized void close() throws IOException {
    if (holes != null) {
      holes.ifPresent(HoleFinder::close);
      holes = Optional.empty();
    }
    channel.close();
  }
}
