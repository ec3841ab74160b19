package io.diskwright.convert;

import io.diskwright.disk.Extent;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A conversion that takes its time, so that it can be met while it works: a process of its own. */
final class SlowConversion {

  /** All pauses together are long beside a few records of the journal on the slowest disk. */
  private static final long PAUSE_MILLIS = 25;

  private SlowConversion() {}

  /** What it does, for whoever goes on with it. */
  static ConversionRequest request(Path source, Path target) {
    return ConversionRequest.of(source, target)
        .withFormat(TargetFormat.VHD)
        .withSize(new SizeChoice.Keep())
        .withProfile(Profile.named("none"))
        .withJobs(2)
        .with(ConversionOption.VALIDATE, false);
  }

  /** Converts the first argument into the second. */
  public static void main(String[] arguments) throws IOException {
    var journaling = new Conversion.Journaling(0, Duration.ZERO, extents -> () -> paused(extents));
    ConversionResult result =
        new Conversion(
                request(Path.of(arguments[0]), Path.of(arguments[1])),
                p -> {},
                new Cancellation(),
                journaling)
            .run();
    System.out.println(result.fileSize());
  }

  private static @Nullable Extent paused(Batches.Extents extents) throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return extents.next();
  }
}
