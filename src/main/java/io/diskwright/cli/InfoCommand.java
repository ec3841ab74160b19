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
        "Shows an image's format, sizes, snapshots, external files, partitions, filesystems and"
            + " guest.")
final class InfoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "IMAGE", description = "The image.")
  private @Nullable Path image;

  @Mixin private SourceOptions open = new SourceOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--deep",
      description =
          "Walk all structures of the filesystems and compare them: bitmaps with what is in use,"
              + " directories with the links of files. Exit 1 when they contradict each other.")
  private boolean deep;

  @Override
  public Integer call() throws IOException {
    Path file = Arguments.given(image);
    try (DiskImage disk = Formats.open(file, open.options(spec.commandLine()))) {
      InfoReport report = InfoReport.of(file, disk, deep);
      if (json) {
        report.json(spec.commandLine().getOut());
      } else {
        report.text(spec.commandLine().getOut());
      }
      return deep && report.guest().damaged() ? ExitCode.NOT_IMPORTABLE : ExitCode.OK;
    }
  }
}
