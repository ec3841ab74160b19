package io.diskwright.cli;

import io.diskwright.convert.Cancellation;
import io.diskwright.convert.Conversion;
import io.diskwright.convert.ConversionOption;
import io.diskwright.convert.ConversionRequest;
import io.diskwright.convert.ConversionResult;
import io.diskwright.convert.SizeChoice;
import io.diskwright.source.ImageNames;
import io.diskwright.target.Compression;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Validation;
import io.diskwright.validate.Verdict;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diskwright convert}. */
@Command(
    name = "convert",
    description = {
      "Rewrites an image as fixed VHD, RAW, qcow2 or dynamic VHD, grows it to what the importer"
          + " takes, and judges the output.",
      "",
      "The output is written as TARGET.partial and takes its name when it is complete and durable."
          + " What an interrupted conversion leaves there, --resume goes on with."
    })
final class ConvertCommand implements Callable<Integer> {

  private static final String STANDARD_STREAM = "-";

  /** The formats {@code --to} takes. */
  static final class TargetNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(TargetFormat.values()).map(TargetFormat::label).distinct().iterator();
    }
  }

  private final Cancellation cancellation;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = {
        "The image to convert, as it is: compressed or in an archive, too.",
        "- reads standard input."
      })
  private @Nullable Path source;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description = {
        "The file to make. Default: SOURCE's name with the new suffix, beside it.",
        "- writes to standard output, in order; nothing is validated then, and the result goes to"
            + " stderr."
      })
  private @Nullable Path target;

  @Option(
      names = "--to",
      paramLabel = "vhd|raw|qcow2",
      completionCandidates = TargetNames.class,
      defaultValue = "vhd",
      description = "What to write: a fixed VHD (default), RAW or qcow2.")
  private String to = "vhd";

  @Option(
      names = "--subformat",
      paramLabel = "fixed|dynamic",
      defaultValue = "",
      description = "Which VHD: fixed (default), as importers want it, or dynamic.")
  private String subformat = "";

  @Option(
      names = "--compression",
      paramLabel = "zlib|zstd|none",
      description =
          "How the clusters of a qcow2 are compressed: zlib (default, read by every program), zstd"
              + " (faster and smaller, for qemu 5.1 and later), or not at all.")
  private @Nullable Compression compression;

  @Option(
      names = "--size",
      paramLabel = "auto|keep|SIZE",
      defaultValue = "auto",
      description = {
        "The virtual size: auto (default) grows to the profile's minimum in whole MiB and refuses"
            + " above its maximum; keep changes only what the target format demands; or a size:"
            + " 60G, 61440M, plain bytes (binary units)."
      })
  private String size = "auto";

  @Mixin private ProfileOption profile = new ProfileOption();
  @Mixin private SourceOptions open = new SourceOptions();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Worker threads. Default: the number of processors.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(names = "--force", description = "Replace an existing TARGET.")
  private boolean force;

  @Option(
      names = "--resume",
      description =
          "Go on with what an interrupted conversion of the same SOURCE has left; begin when there"
              + " is nothing.")
  private boolean resume;

  @Option(
      names = "--verify",
      description = "Read the output back and compare it with what was read from SOURCE.")
  private boolean verify;

  @Option(
      names = "--digest",
      description =
          "Compute the content digest: the same for every image that holds the same disk. With"
              + " --json it always is.")
  private boolean digest;

  @Option(names = "--no-validate", description = "Do not judge the output.")
  private boolean noValidate;

  @Option(
      names = "--strict",
      description = "Exit 1 also when an error-severity rule could not be decided.")
  private boolean strict;

  @Mixin private ProgressOption progress = new ProgressOption();

  @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
  private boolean json;

  ConvertCommand(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  @Override
  public Integer call() throws IOException {
    Path from = Arguments.given(source);
    TargetFormat format = TargetFormat.named(to, subformat);
    if (compression != null && format != TargetFormat.QCOW2) {
      throw new IllegalArgumentException("--compression is for --to qcow2");
    }
    boolean fromStream = from.toString().equals(STANDARD_STREAM);
    if (fromStream && target == null) {
      throw new IllegalArgumentException("SOURCE is standard input; name a TARGET");
    }
    boolean toStream = target != null && target.toString().equals(STANDARD_STREAM);
    ConversionRequest request =
        ConversionRequest.of(from, target == null ? defaultTarget(from, format) : target)
            .withFormat(format)
            .withCompression(compression == null ? Compression.ZLIB : compression)
            .withSize(SizeChoice.parse(size))
            .withProfile(profile.profile())
            .withOpen(open.options(spec.commandLine()))
            .withJobs(jobs)
            .with(ConversionOption.REPLACE, force)
            .with(ConversionOption.RESUME, resume)
            .with(ConversionOption.VERIFY, verify)
            .with(ConversionOption.DIGEST, digest || json)
            .with(ConversionOption.VALIDATE, !noValidate);
    if (fromStream) {
      if (resume) {
        throw new IllegalArgumentException(
            "--resume needs a file as SOURCE: what came from standard input is gone");
      }
      request = request.withInput(new FileInputStream(FileDescriptor.in));
    }
    ConversionResult result;
    try (ProgressDisplay display = progress.display(from, spec.commandLine().getErr())) {
      result =
          toStream
              ? toStandardOutput(request, display)
              : new Conversion(request, display, cancellation).run();
    }
    // Standard output is the disk then.
    PrintWriter out = toStream ? spec.commandLine().getErr() : spec.commandLine().getOut();
    if (json) {
      ConversionReport.json(result, out);
    } else {
      ConversionReport.text(result, out, spec.commandLine());
    }
    return exitCode(result.validation(), strict);
  }

  private ConversionResult toStandardOutput(ConversionRequest request, ProgressDisplay display)
      throws IOException {
    if (resume || verify) {
      throw new IllegalArgumentException(
          "--resume and --verify need a file as TARGET: what went to standard output is gone");
    }
    try (var stream = new FileOutputStream(FileDescriptor.out)) {
      return new Conversion(request.withStream(stream), display, cancellation).run();
    }
  }

  static int exitCode(Optional<Validation> validation, boolean strict) {
    return validation
        .map(Validation::verdict)
        .filter(v -> v == Verdict.FAIL || (strict && v == Verdict.UNKNOWN))
        .map(v -> ExitCode.NOT_IMPORTABLE)
        .orElse(ExitCode.OK);
  }

  /** The source's name with its suffix, if it has one, replaced. */
  static Path defaultTarget(Path source, TargetFormat format) {
    return source.resolveSibling(ImageNames.stem(source) + "." + format.label());
  }
}
