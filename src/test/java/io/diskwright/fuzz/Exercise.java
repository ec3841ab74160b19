package io.diskwright.fuzz;

import io.diskwright.cli.InfoText;
import io.diskwright.convert.Cancellation;
import io.diskwright.convert.Conversion;
import io.diskwright.convert.ConversionOption;
import io.diskwright.convert.ConversionRequest;
import io.diskwright.convert.SizeChoice;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.format.Formats;
import io.diskwright.guest.Guest;
import io.diskwright.guest.GuestVolume;
import io.diskwright.io.ImageException;
import io.diskwright.source.OpenOptions;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import io.diskwright.validate.Validator;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Does with an image all that the commands do, and holds them to their contract: it is read or it
 * is refused with an {@link ImageException}; no file stays open; no extent lies outside the disk or
 * its file.
 */
final class Exercise {

  private static final int MAX_EXTENTS = 200_000;
  private static final int MAX_READS = 96;
  private static final long MAX_CONVERTED = 64 << 20;

  private static final Validator FOR_IMPORT = new Validator(Profile.named(Profile.DEFAULT));
  private static final Validator FOR_NOBODY = new Validator(Profile.named("none"));

  private final Path image;
  private final Random random;
  private final boolean thorough;

  private Exercise(Path image, Random random, boolean thorough) {
    this.image = image;
    this.random = random;
    this.thorough = thorough;
  }

  /**
   * Runs one image.
   *
   * @param thorough whether it is also converted, and judged even when it is no plain disk
   * @return true when it is read, false when it is refused
   * @throws AssertionError when the contract is broken
   */
  static boolean run(Path image, Random random, boolean thorough) throws IOException {
    boolean read;
    try {
      new Exercise(image, random, thorough).all();
      read = true;
    } catch (ImageException e) {
      Objects.requireNonNull(e.fault().message());
      read = false;
    }
    List<String> open = openFiles(image.toRealPath().getParent());
    if (!open.isEmpty()) {
      throw new AssertionError("left open: " + open);
    }
    return read;
  }

  private void all() throws IOException {
    long size;
    try (DiskImage disk = Formats.open(image, OpenOptions.defaults())) {
      size = disk.size();
      if (size < 0 || disk.info().virtualSize() != size) {
        throw new AssertionError("size " + size + ", info " + disk.info().virtualSize());
      }
      map(disk);
      seek(disk);
      InfoText.of(image, disk);
      look(disk);
      if (thorough || disk.info().format().equals("raw")) {
        validate(disk);
      }
    }
    if (thorough && size <= MAX_CONVERTED && random.nextInt(4) == 0) {
      convert();
    }
  }

  /** The whole map, and some bytes of its extents. */
  private void map(DiskImage disk) throws IOException {
    var cursor = new ExtentCursor(disk, 0, disk.size());
    long end = 0;
    int reads = 0;
    for (int i = 0; i < MAX_EXTENTS; i++) {
      Extent extent = cursor.next();
      if (extent == null) {
        if (end != disk.size()) {
          throw new AssertionError("the map ends at " + end + " of " + disk.size());
        }
        return;
      }
      if (extent.start() != end || extent.length() > disk.size() - end) {
        throw new AssertionError("at " + end + " of " + disk.size() + " comes " + extent);
      }
      inside(extent);
      end = extent.end();
      if (!(extent instanceof Extent.Zero) && reads++ < MAX_READS) {
        read(disk, extent.start(), extent.length());
      }
    }
  }

  /** The guest, and every filesystem in the disk. */
  private static void look(DiskImage disk) throws IOException {
    Guest guest = Guest.inspect(disk);
    Objects.requireNonNull(guest.os());
    Objects.requireNonNull(guest.unknowns());
    for (GuestVolume volume : guest.volumes()) {
      if (volume.tree().isPresent()) {
        TreeExercise.run(volume.tree().get());
      }
    }
  }

  private static void inside(Extent extent) throws IOException {
    switch (extent) {
      case Extent.Zero e -> {}
      case Extent.Data e -> e.source().checkInside("data", e.sourceOffset(), e.length());
      case Extent.Encoded e -> {
        if (e.skip() < 0 || e.encodedLength() < 0 || e.length() > e.blockLength() - e.skip()) {
          throw new AssertionError(e.toString());
        }
        e.source().checkInside("block", e.sourceOffset(), 0);
      }
    }
  }

  private static void read(DiskImage disk, long offset, long length) throws IOException {
    disk.read(offset, ByteBuffer.allocate((int) Math.min(length, 1 << 16)));
  }

  /** Anywhere, not in order. */
  private void seek(DiskImage disk) throws IOException {
    for (int i = 0; i < 8 && disk.size() > 0; i++) {
      long offset = i == 0 ? disk.size() - 1 : random.nextLong(disk.size());
      long limit = Math.min(disk.size() - offset, 1 + random.nextInt(1 << 20));
      Extent extent = disk.extentAt(offset, limit);
      if (extent.start() != offset || extent.length() < 1 || extent.length() > limit) {
        throw new AssertionError("at " + offset + " up to " + limit + " comes " + extent);
      }
      read(disk, offset, limit);
    }
  }

  private void validate(DiskImage disk) throws IOException {
    Validator validator = random.nextBoolean() ? FOR_IMPORT : FOR_NOBODY;
    Objects.requireNonNull(validator.validate(image, disk).verdict());
  }

  private void convert() throws IOException {
    var request =
        ConversionRequest.of(image, Path.of("nowhere"))
            .withStream(OutputStream.nullOutputStream())
            .withFormat(random.nextBoolean() ? TargetFormat.RAW : TargetFormat.VHD)
            .withSize(new SizeChoice.Keep())
            .withProfile(Profile.named("none"))
            .withJobs(1 + random.nextInt(2))
            .with(ConversionOption.DIGEST, random.nextBoolean());
    Objects.requireNonNull(new Conversion(request, p -> {}, new Cancellation()).run());
  }

  private static List<String> openFiles(Path folder) throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return List.of(); // not on this system
    }
    try (Stream<Path> links = Files.list(descriptors)) {
      return links
          .map(Exercise::target)
          .filter(target -> target.startsWith(folder + File.separator))
          .toList();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // the descriptor of the listing itself
    }
  }
}
