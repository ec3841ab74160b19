package io.diskwright.convert;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.disk.PatchedDisk;
import io.diskwright.format.Formats;
import io.diskwright.io.ImageException;
import io.diskwright.prepare.Growth;
import io.diskwright.prepare.GrowthPlan;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.ReferencePolicy;
import io.diskwright.target.FileTarget;
import io.diskwright.validate.Validation;
import io.diskwright.validate.Validator;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One image from source to judged output. */
public final class Conversion {

  private final ConversionRequest request;
  private final Consumer<Progress> listener;
  private final Cancellation cancellation;

  /**
   * @param listener told how far it is, some times a second, from the thread that calls {@link
   *     #run}
   * @param cancellation stops it from another thread
   */
  public Conversion(
      ConversionRequest request, Consumer<Progress> listener, Cancellation cancellation) {
    this.request = request;
    this.listener = listener;
    this.cancellation = cancellation;
  }

  /**
   * Converts. Until this returns there is nothing at the target's name; when it throws, nothing is
   * left.
   *
   * @throws ImageException when the source is refused
   * @throws IllegalArgumentException when the request contradicts the source
   * @throws IOException when the environment fails
   * @throws java.util.concurrent.CancellationException when it was cancelled
   */
  public ConversionResult run() throws IOException {
    long started = System.nanoTime();
    listener.accept(new Progress(Progress.Phase.PLANNING, 0, 0));
    try (DiskImage image = Formats.open(request.source(), request.open())) {
      refuseSourceAsTarget(image);
      long size = Sizing.choose(image, request.size(), request.profile(), request.format());
      GrowthPlan growth = growth(image, size);
      var disk = new PatchedDisk(image, growth.newSize(), growth.patches());
      Plan plan = Plan.of(disk, cancellation);
      long fileSize = write(plan);
      Optional<Validation> validation = validate(plan.allocatedBytes());
      listener.accept(
          new Progress(Progress.Phase.DONE, plan.allocatedBytes(), plan.allocatedBytes()));
      return new ConversionResult(
          request.source(),
          image.info(),
          request.target(),
          request.format(),
          size,
          fileSize,
          plan.dataBytes() + plan.encodedBytes(),
          plan.allocatedBytes(),
          growth.actions(),
          Duration.ofNanos(System.nanoTime() - started),
          validation);
    }
  }

  /** A disk that keeps its size keeps every byte, too. */
  private static GrowthPlan growth(DiskImage image, long size) throws IOException {
    return size == image.size()
        ? new GrowthPlan(size, List.of(), List.of())
        : Growth.plan(image, size);
  }

  private long write(Plan plan) throws IOException {
    long total = plan.allocatedBytes();
    checkSpace(total);
    try (FileTarget target =
        FileTarget.create(
            request.target(), request.format(), plan.disk().size(), request.replace())) {
      new Copier(plan, target, request.jobs(), cancellation)
          .run(done -> listener.accept(new Progress(Progress.Phase.COPYING, done, total)));
      listener.accept(new Progress(Progress.Phase.SYNCING, total, total));
      return target.commit();
    }
  }

  /** Before the first byte, on what will be allocated, not on the disk's virtual size. */
  private void checkSpace(long needed) throws IOException {
    Path folder = request.target().toAbsolutePath().getParent();
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < needed) {
      throw new FileSystemException(
          request.target().toString(),
          null,
          "needs " + Sizes.exact(needed) + ", but only " + Sizes.exact(free) + " are free");
    }
  }

  private Optional<Validation> validate(long total) throws IOException {
    if (!request.validate()) {
      return Optional.empty();
    }
    listener.accept(new Progress(Progress.Phase.VALIDATING, total, total));
    // The output is opened as what it was written as: a guest's own bytes must not decide that.
    var options =
        OpenOptions.defaults()
            .withFormat(Optional.of(request.format().label()))
            .withReferences(ReferencePolicy.deny());
    try (DiskImage output = Formats.open(request.target(), options)) {
      return Optional.of(new Validator(request.profile()).validate(request.target(), output));
    }
  }

  private void refuseSourceAsTarget(DiskImage image) throws IOException {
    refuseSameFile(request.source());
    for (ExternalFile file : image.info().externalFiles()) {
      refuseSameFile(file.path());
    }
  }

  private void refuseSameFile(Path read) throws IOException {
    for (Path written : new Path[] {request.target(), FileTarget.partialOf(request.target())}) {
      if (Files.exists(written) && Files.isSameFile(read, written)) {
        throw new IllegalArgumentException(
            written
                + " is read by this conversion; a source is never overwritten, name another"
                + " TARGET");
      }
    }
  }
}
