package io.diskwright.source;

import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.BitSet;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps what can only be read once in a temporary file, so that it can be read at any offset. Runs
 * of zeros become holes.
 */
public final class Spool {

  /** More than any disk that can be imported; an endless stream of zeros must end somewhere. */
  private static final long MAX_SIZE = 64L << 40;

  /** Zeros that are unpacked before anybody asks what they are for, in bytes. */
  private static final long FREE_ZEROS = 16L << 30;

  /** Zeros for each other byte, beyond those: a preallocated disk has fewer, a bomb has more. */
  private static final long ZEROS_PER_BYTE = 10_000;

  /** What stays free on the disk for everybody else, in bytes. */
  private static final long KEPT_FREE = 64L << 20;

  /** How many bytes are written between two looks at the free space. */
  private static final long LOOK_EVERY = 16L << 20;

  private static final int BUFFER = 1 << 20;

  private final ForwardSource from;
  private final Path folder;
  private final FileStore store;
  private final Path path;
  private final FileChannel channel;
  private final String why;
  private final long freeZeros;
  private final BitSet stored = new BitSet();
  private long size;
  private long storedBytes;
  private long unlooked = LOOK_EVERY;

  private Spool(
      ForwardSource from,
      Path folder,
      FileStore store,
      Path path,
      FileChannel channel,
      String why,
      long freeZeros) {
    this.from = from;
    this.folder = folder;
    this.store = store;
    this.path = path;
    this.channel = channel;
    this.why = why;
    this.freeZeros = freeZeros;
  }

  /**
   * Copies a stream to its end into a temporary file of its own. The file is gone when the source
   * is closed; on POSIX systems nobody finds it even before, and a killed process leaves nothing.
   *
   * @param from closed by this, also on failure
   * @param options the folder for it, and who is told of it
   * @param why what needs the bytes at any offset, for messages
   * @return the bytes, described as {@code from} is; the caller closes it
   * @throws FileSystemException when the folder cannot hold them
   * @throws LimitExceeded when there are more than 64 TiB, or little more than zeros
   */
  public static ByteSource spool(ForwardSource from, OpenOptions options, String why)
      throws IOException {
    return spool(from, options, why, FREE_ZEROS);
  }

  /** As {@link #spool(ForwardSource, OpenOptions, String)}, with another allowance of zeros. */
  static ByteSource spool(ForwardSource from, OpenOptions options, String why, long freeZeros)
      throws IOException {
    try (from) {
      Path folder = options.folderForUnpacking();
      if (!Files.isDirectory(folder)) {
        throw new FileSystemException(
            folder.toString(), null, "is not a folder; " + from.describe() + " is unpacked there");
      }
      options
          .notices()
          .accept(from.describe() + ": is unpacked into " + folder + " first, since " + why);
      Path path = folder.resolve("diskwright-" + UUID.randomUUID() + ".spool");
      FileChannel channel = create(path, folder);
      try {
        return new Spool(from, folder, Files.getFileStore(folder), path, channel, why, freeZeros)
            .copy();
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }
  }

  private static FileChannel create(Path path, Path folder) throws IOException {
    // Whoever may read the image may not be who may read the temporary folder.
    var access =
        folder.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return FileChannel.open(
        path,
        Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE,
            StandardOpenOption.DELETE_ON_CLOSE),
        access);
  }

  private ByteSource copy() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    ByteBuffer zeros = ByteBuffer.allocate(SpooledSource.BLOCK);
    while (from.read(buffer.clear()) > 0) {
      buffer.flip();
      if (buffer.limit() > MAX_SIZE - size) {
        throw new LimitExceeded(
            from.describe(),
            "unpacked content",
            Fault.NOWHERE,
            "more than " + Fault.number(MAX_SIZE) + " bytes",
            "up to 64 TiB");
      }
      writeStored(buffer, zeros);
      size += buffer.limit();
      refuseBomb();
    }
    if (size > 0 && channel.size() < size) {
      write(ByteBuffer.allocate(1), size - 1);
    }
    return new SpooledSource(from.describe(), path, channel, size, stored);
  }

  /** Writes the buffer from {@code size} on, but for its blocks of zeros. */
  private void writeStored(ByteBuffer buffer, ByteBuffer zeros) throws IOException {
    int start = 0;
    for (int at = 0; at < buffer.limit(); at += SpooledSource.BLOCK) {
      int length = Math.min(SpooledSource.BLOCK, buffer.limit() - at);
      if (buffer.slice(at, length).equals(zeros.slice(0, length))) {
        write(buffer.slice(start, at - start), size + start);
        start = at + length;
      } else {
        stored.set((int) ((size + at) / SpooledSource.BLOCK));
        storedBytes += length;
      }
    }
    write(buffer.slice(start, buffer.limit() - start), size + start);
  }

  private void refuseBomb() throws LimitExceeded {
    long zeros = size - storedBytes;
    if (zeros > freeZeros && zeros / ZEROS_PER_BYTE > storedBytes) {
      throw new LimitExceeded(
          from.describe(),
          "unpacked content",
          Fault.NOWHERE,
          Fault.number(zeros) + " bytes of zeros and " + Fault.number(storedBytes) + " others",
          "up to " + ZEROS_PER_BYTE + " zeros for each other byte, above 16 GiB",
          "Unpack it yourself if you trust it");
    }
  }

  private void write(ByteBuffer bytes, long offset) throws IOException {
    unlooked += bytes.remaining();
    if (unlooked >= LOOK_EVERY) {
      unlooked = 0;
      requireSpace();
    }
    long position = offset;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  private void requireSpace() throws IOException {
    if (store.getUsableSpace() - LOOK_EVERY < KEPT_FREE) {
      throw new FileSystemException(
          folder.toString(),
          null,
          "has no room for "
              + Fault.printable(from.describe())
              + ", which is unpacked there because "
              + why
              + "; "
              + Fault.number(size)
              + " bytes were unpacked so far. Free space there, or name another folder for"
              + " temporary files");
    }
  }
}
