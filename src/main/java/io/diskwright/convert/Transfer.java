package io.diskwright.convert;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Patch;
import io.diskwright.format.Formats;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Moves a disk into an output, verifies that and gives the output its name. For one thread. */
final class Transfer {

  private final ConversionRequest request;
  private final Consumer<Progress> listener;
  private final Cancellation cancellation;
  private final Output output;
  private final Batches batches;
  private final @Nullable ContentDigest digest;

  /**
   * What is known of the disk when all of it was read.
   *
   * @param sourceSize bytes of the disk as it was read
   * @param size bytes of the output's disk, at least those
   * @param patches what a larger disk needs and was not part of what was read
   */
  record Ending(long sourceSize, long size, List<Patch> patches) {}

  /** What is moved, besides its extents. */
  interface Source {

    /** Adds to the digest what an earlier run has moved, which lies before an offset in bytes. */
    void addDigest(ContentDigest sum, long before) throws IOException;

    /** Tells the ending; called once all of the source was read and written. */
    Ending end() throws IOException;
  }

  /**
   * @param moved bytes that were written
   * @param fileSize length of the output in bytes
   * @param digest the content digest, if it was asked for
   */
  record Result(long moved, long fileSize, Ending ending, Optional<String> digest) {}

  Transfer(
      ConversionRequest request,
      Consumer<Progress> listener,
      Cancellation cancellation,
      Output output,
      Batches batches) {
    this.request = request;
    this.listener = listener;
    this.cancellation = cancellation;
    this.output = output;
    this.batches = batches;
    this.digest =
        request.wants(ConversionOption.DIGEST) || request.wants(ConversionOption.VERIFY)
            ? new ContentDigest()
            : null;
  }

  /**
   * Does all of it.
   *
   * @param from what lies before was written by an earlier run
   * @param total bytes to move, 0 when that is unknown
   */
  Result run(Source source, long from, long total) throws IOException {
    try {
      if (digest != null && from > 0) {
        source.addDigest(digest, from);
      }
      long moved =
          new Copier(batches, output.target(), digest, cancellation)
              .run(
                  request.jobs(),
                  done -> {
                    listener.accept(new Progress(Progress.Phase.COPYING, done, total));
                    output.flush(batches);
                  });
      listener.accept(new Progress(Progress.Phase.SYNCING, moved, total));
      Ending ending = source.end();
      if (request.wants(ConversionOption.VERIFY) && !ending.patches().isEmpty()) {
        verify(ending.sourceSize());
      }
      if (!ending.patches().isEmpty()) {
        output.change(ending.patches());
      }
      long fileSize = output.finish(ending.size());
      if (request.wants(ConversionOption.VERIFY) && ending.patches().isEmpty()) {
        verify(ending.size());
      }
      Optional<String> content = contentDigest(ending);
      output.publish();
      return new Result(moved, fileSize, ending, content);
    } catch (ImageException e) {
      throw e;
    } catch (CancellationException e) {
      throw interrupted(e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void verify(long size) throws IOException {
    Path file = output.path();
    if (digest == null || !batches.ascending()) {
      throw new FileSystemException(
          file.toString(),
          null,
          "cannot be verified: the stream came out of order; save the image as a file first");
    }
    String read;
    try (DiskImage written = openWritten()) {
      listener.accept(new Progress(Progress.Phase.VERIFYING, 0, 0));
      read = ContentDigests.of(written, request.jobs(), cancellation);
    }
    if (!read.equals(digest.finish(size))) {
      throw new FileSystemException(
          file.toString(),
          null,
          "does not read back as it was written: content digest "
              + read
              + " instead of "
              + digest.finish(size)
              + "; the medium or the memory of this machine is not to be trusted");
    }
  }

  private Optional<String> contentDigest(Ending ending) throws IOException {
    if (digest == null || !request.wants(ConversionOption.DIGEST)) {
      return Optional.empty();
    }
    if (batches.ascending() && ending.patches().isEmpty()) {
      return Optional.of(digest.finish(ending.size()));
    }
    if (request.stream().isPresent()) {
      return Optional.empty();
    }
    try (DiskImage written = openWritten()) {
      return Optional.of(ContentDigests.of(written, request.jobs(), cancellation));
    }
  }

  private DiskImage openWritten() throws IOException {
    return Formats.openWritten(output.path(), request.format().label());
  }

  private CancellationException interrupted(CancellationException cause) {
    var exception =
        new CancellationException(
            output.keep(batches)
                ? "interrupted; --resume goes on with " + output.path()
                : "interrupted; what was written is removed");
    exception.initCause(cause);
    return exception;
  }

  private IOException failed(IOException cause) {
    if (!output.keep(batches)) {
      return cause;
    }
    String reason =
        cause instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : String.valueOf(cause.getMessage());
    var exception =
        new FileSystemException(
            output.path().toString(), null, reason + "; --resume goes on with what is written");
    exception.initCause(cause);
    return exception;
  }
}
