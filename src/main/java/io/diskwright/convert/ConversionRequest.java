package io.diskwright.convert;

import io.diskwright.source.OpenOptions;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import java.nio.file.Path;

/**
 * What to convert, into what. Made by {@link #of}, refined by the {@code with} methods.
 *
 * @param source the image; never opened for writing
 * @param target the file to make
 * @param format what to write
 * @param size which virtual size the output gets
 * @param profile the importer's requirements: its size limits, and what the validator judges by
 * @param open how the source is opened
 * @param jobs worker threads, at least 1
 * @param replace whether an existing target may be replaced
 * @param validate whether the output is judged
 */
public record ConversionRequest(
    Path source,
    Path target,
    TargetFormat format,
    SizeChoice size,
    Profile profile,
    OpenOptions open,
    int jobs,
    boolean replace,
    boolean validate) {

  /** A fixed VHD for the default profile, with all processors, replacing nothing. */
  public static ConversionRequest of(Path source, Path target) {
    return new ConversionRequest(
        source,
        target,
        TargetFormat.VHD,
        new SizeChoice.Auto(),
        Profile.named(Profile.DEFAULT),
        OpenOptions.defaults(),
        Runtime.getRuntime().availableProcessors(),
        false,
        true);
  }

  /** The same with another target format. */
  public ConversionRequest withFormat(TargetFormat value) {
    return new ConversionRequest(
        source, target, value, size, profile, open, jobs, replace, validate);
  }

  /** The same with another choice of size. */
  public ConversionRequest withSize(SizeChoice value) {
    return new ConversionRequest(
        source, target, format, value, profile, open, jobs, replace, validate);
  }

  /** The same for another profile. */
  public ConversionRequest withProfile(Profile value) {
    return new ConversionRequest(
        source, target, format, size, value, open, jobs, replace, validate);
  }

  /** The same with the source opened another way. */
  public ConversionRequest withOpen(OpenOptions value) {
    return new ConversionRequest(
        source, target, format, size, profile, value, jobs, replace, validate);
  }

  /** The same with another number of worker threads, at least 1. */
  public ConversionRequest withJobs(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("jobs must be at least 1");
    }
    return new ConversionRequest(
        source, target, format, size, profile, open, value, replace, validate);
  }

  /** The same, allowed or not to replace an existing target. */
  public ConversionRequest withReplace(boolean value) {
    return new ConversionRequest(
        source, target, format, size, profile, open, jobs, value, validate);
  }

  /** The same, with or without a judgement of the output. */
  public ConversionRequest withValidate(boolean value) {
    return new ConversionRequest(source, target, format, size, profile, open, jobs, replace, value);
  }
}
