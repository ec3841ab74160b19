package io.diskwright.cli;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diskwright info}. */
@Command(
    name = "info",
    description =
        "Shows an image's format, sizes, snapshots, external files, partitions and filesystems.")
final class InfoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "IMAGE", description = "The image.")
  private @Nullable Path image;

  @Mixin private SourceOptions open = new SourceOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path file = Arguments.given(image);
    try (DiskImage disk = Formats.open(file, open.options(spec.commandLine()))) {
      InfoReport report = InfoReport.of(file, disk);
      if (json) {
        report.json(spec.commandLine().getOut());
      } else {
        report.text(spec.commandLine().getOut());
      }
    }
    return ExitCode.OK;
  }
}
