package io.diskwright.cli;

import io.diskwright.convert.Cancellation;
import io.diskwright.convert.Conversion;
import io.diskwright.convert.ConversionRequest;
import io.diskwright.convert.ConversionResult;
import io.diskwright.convert.SizeChoice;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Validation;
import io.diskwright.validate.Verdict;
import java.io.IOException;
import java.nio.file.Path;
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
      "Rewrites an image as fixed VHD or RAW, grows it to what the importer takes, and judges the"
          + " output.",
      "",
      "The output is written as TARGET.partial and takes its name when it is complete and durable."
    })
final class ConvertCommand implements Callable<Integer> {

  private final Cancellation cancellation;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SOURCE", description = "The image to convert.")
  private @Nullable Path source;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "The file to make. Default: SOURCE's name with the new suffix, beside it.")
  private @Nullable Path target;

  @Option(
      names = "--to",
      paramLabel = "vhd|raw",
      defaultValue = "vhd",
      description = "What to write: a fixed VHD (default) or RAW.")
  private TargetFormat to = TargetFormat.VHD;

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
    ConversionRequest request =
        ConversionRequest.of(from, target == null ? defaultTarget(from, to) : target)
            .withFormat(to)
            .withSize(SizeChoice.parse(size))
            .withProfile(profile.profile())
            .withOpen(open.options())
            .withJobs(jobs)
            .withReplace(force)
            .withValidate(!noValidate);
    ConversionResult result;
    try (ProgressDisplay display = progress.display(from, spec.commandLine().getErr())) {
      result = new Conversion(request, display, cancellation).run();
    }
    if (json) {
      ConversionReport.json(result, spec.commandLine().getOut());
    } else {
      ConversionReport.text(result, spec.commandLine());
    }
    return exitCode(result.validation(), strict);
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
    String name = source.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return source.resolveSibling(stem + "." + format.label());
  }
}
