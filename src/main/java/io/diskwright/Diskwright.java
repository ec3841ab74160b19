package io.diskwright;

import io.diskwright.convert.Cancellation;
import io.diskwright.convert.Conversion;
import io.diskwright.convert.ConversionRequest;
import io.diskwright.convert.ConversionResult;
import io.diskwright.convert.Progress;
import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.source.OpenOptions;
import io.diskwright.validate.Profile;
import io.diskwright.validate.Validation;
import io.diskwright.validate.Validator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * diskwright as a library: open any image, convert it, judge it. It never prints and never exits.
 * Every method may be called from any thread.
 *
 * <p>An image that is refused is an {@link io.diskwright.io.ImageException}; any other {@link
 * IOException} says that the environment failed.
 */
public final class Diskwright {

  private Diskwright() {}

  /**
   * Opens an image of any format, recognised by content; other files are opened for it only in its
   * own folder. The caller closes it.
   */
  public static DiskImage open(Path image) throws IOException {
    return open(image, OpenOptions.defaults());
  }

  /** Opens an image as the options say. The caller closes it. */
  public static DiskImage open(Path image, OpenOptions options) throws IOException {
    return Formats.open(image, options);
  }

  /** Converts an image and judges the output. */
  public static ConversionResult convert(ConversionRequest request) throws IOException {
    return convert(request, progress -> {}, new Cancellation());
  }

  /**
   * Converts an image and judges the output.
   *
   * @param listener told some times a second how far it is, from the calling thread
   * @param cancellation stops it from another thread; this method then throws {@link
   *     java.util.concurrent.CancellationException} and leaves nothing behind
   */
  public static ConversionResult convert(
      ConversionRequest request, Consumer<Progress> listener, Cancellation cancellation)
      throws IOException {
    return new Conversion(request, listener, cancellation).run();
  }

  /** Judges an image by a profile's requirements, without writing to it. */
  public static Validation validate(Path image, Profile profile) throws IOException {
    try (DiskImage disk = open(image)) {
      return new Validator(profile).validate(image, disk);
    }
  }
}
