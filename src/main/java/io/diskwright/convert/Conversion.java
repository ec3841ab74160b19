package io.diskwright.convert;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.ForwardDisk;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.PatchedDisk;
import io.diskwright.format.Formats;
import io.diskwright.format.Opened;
import io.diskwright.io.ImageException;
import io.diskwright.prepare.Growth;
import io.diskwright.prepare.GrowthPlan;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Validation;
import io.diskwright.validate.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One image from source to judged output. */
public final class Conversion {

  private final ConversionRequest request;
  private final Consumer<Progress> listener;
  private final Cancellation cancellation;
  private final Journaling journaling;
  private final long started = System.nanoTime();

  /**
   * When a conversion is made resumable, and how often it records where it is.
   *
   * @param fromBytes less than this is sooner written again than recorded
   * @param extents sees each extent on its way to the workers
   */
  record Journaling(long fromBytes, Duration every, UnaryOperator<Batches.Extents> extents) {}

  /**
   * @param listener told how far it is, some times a second, from the thread that calls {@link
   *     #run}
   * @param cancellation stops it from another thread
   */
  public Conversion(
      ConversionRequest request, Consumer<Progress> listener, Cancellation cancellation) {
    this(
        request,
        listener,
        cancellation,
        new Journaling(32 << 20, Duration.ofMillis(500), UnaryOperator.identity()));
  }

  Conversion(
      ConversionRequest request,
      Consumer<Progress> listener,
      Cancellation cancellation,
      Journaling journaling) {
    this.request = request;
    this.listener = listener;
    this.cancellation = cancellation;
    this.journaling = journaling;
  }

  /**
   * Converts. Until this returns there is nothing at the target's name. When it throws, nothing is
   * left but, where a later run can {@linkplain ConversionOption#RESUME go on} with them, the
   * partial output and its journal.
   *
   * @throws ImageException when the source is refused
   * @throws IllegalArgumentException when the request contradicts the source
   * @throws IOException when the environment fails
   * @throws java.util.concurrent.CancellationException when it was cancelled
   */
  public ConversionResult run() throws IOException {
    listener.accept(new Progress(Progress.Phase.PLANNING, 0, 0));
    try (Opened source = open()) {
      return switch (source) {
        case Opened.Anywhere(DiskImage image) -> move(image, image.info());
        case Opened.Once(ForwardDisk disk) -> moveOnce(disk);
      };
    }
  }

  /** Tables that come before what they tell of can only be written for a disk that is known. */
  private Opened open() throws IOException {
    if (request.input().isPresent()) {
      InputStream input = request.input().get();
      return request.format().plain()
          ? Formats.openStream(request.source(), input, request.open())
          : new Opened.Anywhere(Formats.open(request.source(), input, request.open()));
    }
    return request.format().plain()
        ? Formats.openForOnePass(request.source(), request.open())
        : new Opened.Anywhere(Formats.open(request.source(), request.open()));
  }

  /**
   * @param info what is told of the source
   */
  private ConversionResult move(DiskImage image, ImageInfo info) throws IOException {
    List<FileIdentity> files = SourceFiles.of(request, info);
    long size =
        Sizing.choose(
            image.describe(), image.size(), request.size(), request.profile(), request.format());
    Map<String, String> task = Journal.task(settings(Long.toString(size)), files);
    Optional<Journal.Left> left = left(task);
    long from = left.map(Journal.Left::durableBelow).orElse(0L);
    GrowthPlan growth = growth(image, size);
    var disk = new PatchedDisk(image, growth.newSize(), growth.patches());
    Plan plan = Plan.of(disk, from, cancellation);
    checkSpace(plan.allocatedBytes());
    boolean journaled = request.format().resumable() && request.input().isEmpty();
    try (Output output =
        open(OptionalLong.of(size), left, journaled ? task : Map.of(), plan.allocatedBytes())) {
      Batches batches =
          batches(new ExtentCursor(disk, 0, disk.size())::next, disk.describe(), output, from);
      Transfer.Result result =
          new Transfer(request, listener, cancellation, output, batches)
              .run(
                  new RepeatableMove(request, cancellation, image, disk, files),
                  from,
                  plan.allocatedBytes());
      return result(info, result, plan.readBytes(), from, growth.actions());
    }
  }

  private ConversionResult moveOnce(ForwardDisk disk) throws IOException {
    if (request.stream().isEmpty() || request.size() instanceof SizeChoice.Keep) {
      return moveOnce(disk, null);
    }
    RememberedEnds ends = RememberedEnds.of(disk.describe(), disk::next);
    return ends.isPartOfTheTable() ? moveSpooled(disk, ends) : moveOnce(disk, ends);
  }

  private ConversionResult moveOnce(ForwardDisk disk, @Nullable RememberedEnds ends)
      throws IOException {
    List<FileIdentity> files = SourceFiles.of(request, disk.info());
    Map<String, String> task = Journal.task(settings("of what is read"), files);
    Optional<Journal.Left> left = files.isEmpty() ? Optional.empty() : left(task);
    long from = left.map(Journal.Left::durableBelow).orElse(0L);
    long length = files.stream().mapToLong(FileIdentity::size).sum();
    try (Output output =
        open(OptionalLong.empty(), left, files.isEmpty() ? Map.of() : task, length)) {
      var move = new ForwardMove(request, cancellation, disk, output, files, ends);
      Batches batches = batches(move::next, disk.describe(), output, from);
      Transfer.Result result =
          new Transfer(request, listener, cancellation, output, batches).run(move, from, 0);
      return result(disk.info(), result, move.bytesRead(), from, move.actions());
    }
  }

  /**
   * Between two streams, a partition table that must follow the disk's new end would have to change
   * before that end is known: the disk is written to a file first, and read from there.
   */
  private ConversionResult moveSpooled(ForwardDisk disk, RememberedEnds ends) throws IOException {
    Path folder = request.open().folderForUnpacking();
    // Whoever may read the image may not be who may read the temporary folder.
    Path own = Files.createTempDirectory(folder, "diskwright-");
    Path spool = own.resolve("disk.raw");
    try {
      request
          .open()
          .notices()
          .accept(
              disk.describe()
                  + ": its partition table has to follow the disk's new end, which is known at the"
                  + " end of the stream: unpacking the disk into "
                  + folder
                  + " first; --size keep does without");
      ConversionRequest toSpool = request.intoSpool(spool);
      try (Output output =
          Output.open(
              toSpool, OptionalLong.empty(), Optional.empty(), Map.of(), journaling.every())) {
        var move = new ForwardMove(toSpool, cancellation, disk, output, List.of(), ends);
        Batches batches = batches(move::next, disk.describe(), output, 0);
        new Transfer(toSpool, listener, cancellation, output, batches).run(move, 0, 0);
      }
      try (DiskImage image = Formats.openWritten(spool, TargetFormat.RAW.label())) {
        return move(image, disk.info());
      }
    } finally {
      Files.deleteIfExists(spool);
      Files.delete(own);
    }
  }

  private Optional<Journal.Left> left(Map<String, String> task) throws IOException {
    return request.wants(ConversionOption.RESUME)
        ? Output.left(request.target(), task)
        : Optional.empty();
  }

  /**
   * @param task what a journal says; empty when the conversion cannot be gone on with
   * @param bytes what there is to do, about
   */
  private Output open(
      OptionalLong virtualSize, Optional<Journal.Left> left, Map<String, String> task, long bytes)
      throws IOException {
    boolean journaled = left.isPresent() || bytes >= journaling.fromBytes();
    return Output.open(request, virtualSize, left, journaled ? task : Map.of(), journaling.every());
  }

  private Batches batches(Batches.Extents extents, String name, Output output, long from) {
    return new Batches(
        journaling.extents().apply(extents),
        name,
        output.target(),
        from,
        output.target().ordered());
  }

  private ConversionResult result(
      ImageInfo info, Transfer.Result done, long bytesRead, long from, List<String> actions)
      throws IOException {
    Optional<Validation> validation = validate(done.moved());
    listener.accept(new Progress(Progress.Phase.DONE, done.moved(), done.moved()));
    return new ConversionResult(
        request.source(),
        info,
        request.target(),
        request.format(),
        done.ending().size(),
        done.fileSize(),
        bytesRead,
        done.moved(),
        from,
        done.digest(),
        actions,
        Duration.ofNanos(System.nanoTime() - started),
        validation);
  }

  /** A disk that keeps its size keeps every byte, too. */
  private static GrowthPlan growth(DiskImage image, long size) throws IOException {
    return size == image.size()
        ? new GrowthPlan(size, List.of(), List.of())
        : Growth.plan(image, size);
  }

  /** What must be the same for a later run to go on. */
  private Map<String, String> settings(String size) throws IOException {
    var settings = new LinkedHashMap<String, String>();
    settings.put("format", (request.format().subformat() + " " + request.format().label()).strip());
    settings.put("virtualSize", size);
    settings.put("from", request.open().format().orElse("by content"));
    settings.put("snapshot", request.open().snapshot().orElse("none"));
    settings.put("disk", request.open().disk().toString());
    settings.put("secret", secret());
    return settings;
  }

  /** By what the passphrase is known again; nothing of it itself may get into a journal. */
  private String secret() throws IOException {
    Optional<Path> file = request.open().secretFile();
    return file.isEmpty()
        ? "none"
        : file.get().toAbsolutePath() + ", changed " + Files.getLastModifiedTime(file.get());
  }

  /** Before the first byte, on what will be allocated, not on the disk's virtual size. */
  private void checkSpace(long needed) throws IOException {
    if (request.stream().isPresent()) {
      return;
    }
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
    if (!request.wants(ConversionOption.VALIDATE) || request.stream().isPresent()) {
      return Optional.empty();
    }
    listener.accept(new Progress(Progress.Phase.VALIDATING, total, total));
    try (DiskImage output = Formats.openWritten(request.target(), request.format().label())) {
      return Optional.of(new Validator(request.profile()).validate(request.target(), output));
    }
  }
}
