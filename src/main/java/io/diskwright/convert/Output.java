package io.diskwright.convert;

import io.diskwright.disk.Patch;
import io.diskwright.target.PartialFile;
import io.diskwright.target.Stamp;
import io.diskwright.target.Target;
import io.diskwright.target.Targets;
import io.diskwright.target.Writer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The output of one conversion: its target and, where it can be resumed, the journal beside it.
 * Closing it before {@link #publish} removes both, unless {@link #keep} found that a later run can
 * go on with them. For one thread.
 */
final class Output implements Closeable {

  private final Path path;
  private final @Nullable PartialFile file;
  private final Target target;
  private final @Nullable Journal journal;
  private final Duration every;
  private long durableBelow;
  private boolean kept;
  private long lastRecord = System.nanoTime();

  private Output(
      Path path,
      @Nullable PartialFile file,
      Target target,
      @Nullable Journal journal,
      Duration every,
      long durableBelow) {
    this.path = path;
    this.file = file;
    this.target = target;
    this.journal = journal;
    this.every = every;
    this.durableBelow = durableBelow;
  }

  /**
   * What an earlier run of the same task has left to go on with; empty when there is nothing.
   *
   * @throws FileSystemException when what is there was begun from something else
   */
  static Optional<Journal.Left> left(Path path, Map<String, String> task) throws IOException {
    Optional<Journal.Left> left = Journal.read(path);
    Path partial = PartialFile.partialOf(path);
    if (left.isEmpty() || !Files.isRegularFile(partial)) {
      return Optional.empty();
    }
    for (Map.Entry<String, String> now : task.entrySet()) {
      String before = left.get().task().get(now.getKey());
      if (!now.getValue().equals(before)) {
        throw new FileSystemException(
            partial.toString(),
            null,
            "was begun with "
                + now.getKey()
                + " "
                + (before == null ? "unset" : before)
                + ", now it is "
                + now.getValue()
                + "; run without --resume to begin again");
      }
    }
    return Files.size(partial) < left.get().durableBelow() ? Optional.empty() : left;
  }

  /**
   * Opens the output.
   *
   * @param virtualSize bytes of the disk, where they are known
   * @param left what to go on with; empty to begin
   * @param task what the journal says of the conversion; empty when no journal is wanted
   * @param every how often the journal records where the conversion is
   */
  static Output open(
      ConversionRequest request,
      OptionalLong virtualSize,
      Optional<Journal.Left> left,
      Map<String, String> task,
      Duration every)
      throws IOException {
    Stamp stamp = left.map(Journal.Left::stamp).orElseGet(Stamp::fresh);
    if (request.stream().isPresent()) {
      Target target = Targets.inStream(request.stream().get(), request.format(), stamp);
      return new Output(request.target(), null, target, null, every, 0);
    }
    boolean replace = request.wants(ConversionOption.REPLACE);
    PartialFile file = PartialFile.open(request.target(), replace);
    try {
      Journal journal;
      if (left.isPresent()) {
        journal = Journal.reopen(request.target());
        for (Patch before : left.get().before()) {
          put(file, before);
        }
      } else {
        // In this order: a journal must never speak of a file that holds less.
        Journal.delete(request.target());
        file.setLength(0);
        journal = task.isEmpty() ? null : Journal.create(request.target(), task, stamp);
      }
      Target target =
          Targets.inFile(file, request.format(), virtualSize, stamp, request.compression());
      long from = left.map(Journal.Left::durableBelow).orElse(0L);
      return new Output(request.target(), file, target, journal, every, from);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void put(PartialFile file, Patch patch) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(patch.bytes());
    for (long at = patch.offset(); bytes.hasRemaining(); ) {
      at += file.channel().write(bytes, at);
    }
  }

  Target target() {
    return target;
  }

  /** The file being written, under the name it has now; the stream's name when it is one. */
  Path path() {
    return file == null ? path : file.path();
  }

  /** Gives the file, which holds a plain disk, the disk's length, so that it can be read as one. */
  void setLength(long diskSize) throws IOException {
    if (file != null) {
      file.setLength(diskSize);
    }
  }

  /**
   * Changes bytes of a plain disk that is written already. A later run that goes on finds them as
   * they were before.
   */
  void change(List<Patch> patches) throws IOException {
    if (journal != null && file != null) {
      long length = file.channel().size();
      for (Patch patch : patches) {
        if (patch.offset() < length) {
          journal.changing(written(file, patch.offset(), Math.min(patch.end(), length)));
        }
      }
    }
    try (Writer writer = target.writer()) {
      for (Patch patch : patches) {
        writer.write(ByteBuffer.wrap(patch.bytes()), patch.offset());
      }
    }
  }

  private static Patch written(PartialFile file, long from, long to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
    while (bytes.hasRemaining()) {
      if (file.channel().read(bytes, from + bytes.position()) < 0) {
        throw new FileSystemException(
            file.path().toString(), null, "became shorter while it was written");
      }
    }
    return new Patch(from, bytes.array());
  }

  /** Makes what is written durable, and from time to time records how far that is. */
  void flush(Batches batches) throws IOException {
    if (journal == null || System.nanoTime() - lastRecord < every.toNanos()) {
      target.flush();
    } else {
      record(batches);
    }
  }

  private void record(Batches batches) throws IOException {
    long below = batches.writtenBelow();
    target.flush();
    if (journal != null && below > durableBelow) {
      journal.durable(below);
      durableBelow = below;
    }
    lastRecord = System.nanoTime();
  }

  /**
   * Leaves the output for a later run, if that can go on with it.
   *
   * @return whether it can
   */
  boolean keep(Batches batches) {
    if (journal == null || file == null) {
      return false;
    }
    try {
      record(batches);
    } catch (IOException e) {
      // A full disk may not take the record; what was recorded before still holds.
    }
    if (durableBelow > 0) {
      file.keep();
      kept = true;
    }
    return kept;
  }

  /**
   * Completes the output under its provisional name.
   *
   * @return its length in bytes
   */
  long finish(long virtualSize) throws IOException {
    return target.finish(virtualSize);
  }

  /** Gives the output its name. */
  void publish() throws IOException {
    target.publish();
  }

  @Override
  public void close() throws IOException {
    try (target) {
      if (journal != null) {
        journal.close();
        if (!kept) {
          Journal.delete(path);
        }
      }
    }
  }
}
