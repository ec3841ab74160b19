package io.diskwright.cli;

import io.diskwright.convert.Cancellation;
import io.diskwright.convert.Comparison;
import io.diskwright.convert.Sizes;
import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diskwright compare}. */
@Command(
    name = "compare",
    description = {
      "Tells whether two images, of any formats, hold the same guest-visible bytes.",
      "",
      "Exit code 0: they do; 1: they differ, in a byte or in size."
    })
final class CompareCommand implements Callable<Integer> {

  private final Cancellation cancellation;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "An image; --snapshot is one of its snapshots.")
  private @Nullable Path first;

  @Parameters(index = "1", paramLabel = "B", description = "Another image.")
  private @Nullable Path second;

  @Mixin private SourceOptions open = new SourceOptions();

  @Option(
      names = "--ignore-trailing-zeros",
      description = "Take disks of different sizes as equal when the longer one only adds zeros.")
  private boolean ignoreTrailingZeros;

  CompareCommand(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (DiskImage a = Formats.open(Arguments.given(first), open.options(spec.commandLine()));
        DiskImage b = Formats.open(Arguments.given(second), activeState())) {
      var comparison = new Comparison(a, b, cancellation);
      OptionalLong difference = comparison.firstDifference();
      if (difference.isPresent()) {
        out.println("different: first at byte " + difference.getAsLong());
        return ExitCode.NOT_IMPORTABLE;
      }
      if (a.size() == b.size()) {
        out.println("identical: " + Sizes.exact(a.size()));
        return ExitCode.OK;
      }
      return differentSizes(out, comparison, a.size(), b.size());
    }
  }

  /** A snapshot is compared with what was made of it, which has none. */
  private OpenOptions activeState() {
    return open.options(spec.commandLine()).withSnapshot(Optional.empty());
  }

  private int differentSizes(PrintWriter out, Comparison comparison, long a, long b)
      throws IOException {
    OptionalLong beyond = comparison.firstNonZeroBeyond();
    String sizes = "A has " + Sizes.exact(a) + ", B has " + Sizes.exact(b);
    if (beyond.isPresent()) {
      out.println(
          "different: "
              + sizes
              + "; what the longer one adds is not zero at byte "
              + beyond.getAsLong());
      return ExitCode.NOT_IMPORTABLE;
    }
    out.println(
        (ignoreTrailingZeros ? "identical up to trailing zeros: " : "different in size only: ")
            + sizes
            + "; what the longer one adds is zero");
    return ignoreTrailingZeros ? ExitCode.OK : ExitCode.NOT_IMPORTABLE;
  }
}
