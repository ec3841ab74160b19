package io.diskwright.cli;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.format.Formats;
import io.diskwright.io.ImageException;
import io.diskwright.report.JUnitReport;
import io.diskwright.report.JsonReport;
import io.diskwright.report.SarifReport;
import io.diskwright.report.TextReport;
import io.diskwright.validate.Validation;
import io.diskwright.validate.Validator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diskwright validate}. */
@Command(
    name = "validate",
    description = {
      "Judges images by an importer's requirements, without writing to them.",
      "",
      "Exit code 1: an error was found; 3: an image is refused, and is reported with the reason."
    })
final class ValidateCommand implements Callable<Integer> {

  /** The ways of reporting. */
  enum Format {
    TEXT,
    JSON,
    SARIF,
    JUNIT
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "The images.")
  private List<Path> images = new ArrayList<>();

  @Mixin private ProfileOption profile = new ProfileOption();
  @Mixin private SourceOptions open = new SourceOptions();

  @Option(
      names = "--format",
      paramLabel = "text|json|sarif|junit",
      defaultValue = "text",
      description = "How to report. Default: text.")
  private Format format = Format.TEXT;

  @Option(names = "--output", paramLabel = "FILE", description = "Write the report to FILE.")
  private @Nullable Path output;

  @Option(
      names = "--strict",
      description = "Exit 1 also when an error-severity rule could not be decided.")
  private boolean strict;

  @Option(
      names = "--deep",
      description = "Walk all structures of the filesystems, which may take minutes.")
  private boolean deep;

  @Option(names = "--verbose", description = "Show every rule's result in the text report.")
  private boolean verbose;

  @Override
  public Integer call() throws IOException {
    var validator = new Validator(profile.profile());
    var validations = new ArrayList<Validation>();
    int code = ExitCode.OK;
    for (Path image : images) {
      try (DiskImage disk = Formats.open(image, open.options(spec.commandLine()))) {
        ExtentCursor.walk(disk);
        Validation validation = validator.validate(image, disk, deep);
        validations.add(validation);
        code = Math.max(code, ConvertCommand.exitCode(Optional.of(validation), strict));
      } catch (ImageException e) {
        validations.add(validator.refused(image, e));
        code = Math.max(code, Failures.report(e, spec.commandLine()));
      }
    }
    if (output == null) {
      report(validations, spec.commandLine().getOut(), Colour.of(spec.commandLine()));
    } else {
      try (PrintWriter file =
          new PrintWriter(Files.newBufferedWriter(output, StandardCharsets.UTF_8))) {
        report(validations, file, false);
        if (file.checkError()) {
          throw new IOException(output + ": could not be written");
        }
      }
    }
    return code;
  }

  private void report(List<Validation> validations, PrintWriter out, boolean colour)
      throws IOException {
    switch (format) {
      case TEXT -> {
        var text = new TextReport(colour, verbose);
        for (Validation validation : validations) {
          text.write(validation, out);
        }
      }
      case JSON -> Json.print(out, json -> JsonReport.write(validations, json));
      case SARIF -> Json.print(out, json -> SarifReport.write(validations, Version.text(), json));
      case JUNIT -> out.print(JUnitReport.of(validations));
    }
  }
}
