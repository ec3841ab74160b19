package io.diskwright.convert;

import io.diskwright.source.OpenOptions;
import io.diskwright.target.Compression;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What to convert, into what. Made by {@link #of}, refined by the {@code with} methods.
 *
 * @param source the image; never opened for writing. Only a name for messages when there is input
 * @param input what is read instead of a file; closed by the conversion
 * @param target the file to make; only a name for messages when there is a stream
 * @param stream where to write in order instead of into a file; not closed by the conversion
 * @param format what to write
 * @param compression of the clusters, when a qcow2 is written
 * @param size which virtual size the output gets
 * @param profile the importer's requirements: its size limits, and what the validator judges by
 * @param open how the source is opened
 * @param jobs worker threads, at least 1
 * @param options what else is done
 */
public record ConversionRequest(
    Path source,
    Optional<InputStream> input,
    Path target,
    Optional<OutputStream> stream,
    TargetFormat format,
    Compression compression,
    SizeChoice size,
    Profile profile,
    OpenOptions open,
    int jobs,
    Set<ConversionOption> options) {

  /** Takes a copy of the options. */
  public ConversionRequest {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs must be at least 1");
    }
    options = Set.copyOf(options);
  }

  /** A fixed VHD for the default profile, validated, with all processors, replacing nothing. */
  public static ConversionRequest of(Path source, Path target) {
    return new ConversionRequest(
        source,
        Optional.empty(),
        target,
        Optional.empty(),
        TargetFormat.VHD,
        Compression.ZLIB,
        new SizeChoice.Auto(),
        Profile.named(Profile.DEFAULT),
        OpenOptions.defaults(),
        Runtime.getRuntime().availableProcessors(),
        Set.of(ConversionOption.VALIDATE));
  }

  /** The same, read from a stream instead of a file, which the conversion closes. */
  public ConversionRequest withInput(InputStream value) {
    return new ConversionRequest(
        source,
        Optional.of(value),
        target,
        stream,
        format,
        compression,
        size,
        profile,
        open,
        jobs,
        options);
  }

  /** The same, written in order into a stream, which the caller closes. */
  public ConversionRequest withStream(OutputStream value) {
    return new ConversionRequest(
        source,
        input,
        target,
        Optional.of(value),
        format,
        compression,
        size,
        profile,
        open,
        jobs,
        options);
  }

  /** The same with another target format. */
  public ConversionRequest withFormat(TargetFormat value) {
    return new ConversionRequest(
        source, input, target, stream, value, compression, size, profile, open, jobs, options);
  }

  /** The same with another compression. */
  public ConversionRequest withCompression(Compression value) {
    return new ConversionRequest(
        source, input, target, stream, format, value, size, profile, open, jobs, options);
  }

  /** The same with another choice of size. */
  public ConversionRequest withSize(SizeChoice value) {
    return new ConversionRequest(
        source, input, target, stream, format, compression, value, profile, open, jobs, options);
  }

  /** The same for another profile. */
  public ConversionRequest withProfile(Profile value) {
    return new ConversionRequest(
        source, input, target, stream, format, compression, size, value, open, jobs, options);
  }

  /** The same with the source opened another way. */
  public ConversionRequest withOpen(OpenOptions value) {
    return new ConversionRequest(
        source, input, target, stream, format, compression, size, profile, value, jobs, options);
  }

  /** The same with another number of worker threads, at least 1. */
  public ConversionRequest withJobs(int value) {
    return new ConversionRequest(
        source, input, target, stream, format, compression, size, profile, open, value, options);
  }

  /** The same disk as it is, into a RAW file that may be replaced, for further use. */
  ConversionRequest intoSpool(Path file) {
    return new ConversionRequest(
        source,
        input,
        file,
        Optional.empty(),
        TargetFormat.RAW,
        compression,
        new SizeChoice.Keep(),
        profile,
        open,
        jobs,
        EnumSet.of(ConversionOption.REPLACE));
  }

  /** The same, with or without an option. */
  public ConversionRequest with(ConversionOption option, boolean wanted) {
    var changed = EnumSet.noneOf(ConversionOption.class);
    changed.addAll(options);
    if (wanted) {
      changed.add(option);
    } else {
      changed.remove(option);
    }
    return new ConversionRequest(
        source, input, target, stream, format, compression, size, profile, open, jobs, changed);
  }

  /** Whether an option is wanted. */
  public boolean wants(ConversionOption option) {
    return options.contains(option);
  }
}
