package io.diskwright.cli;

import io.diskwright.convert.Cancellation;
import io.diskwright.convert.ContentDigests;
import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diskwright digest}. */
@Command(
    name = "digest",
    description = {
      "Prints the content digest of images: the same for all that hold the same disk, of whatever"
          + " format, compressed or not, with or without a chain.",
      "",
      "It is the SHA-256 of, for each block of 65536 bytes that is not all zeros, its number (64"
          + " bits, big-endian) and its SHA-256, and at the end the disk's size in bytes (64 bits,"
          + " big-endian). A last, shorter block is filled up with zeros."
    })
final class DigestCommand implements Callable<Integer> {

  private final Cancellation cancellation;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "The images.")
  private List<Path> images = new ArrayList<>();

  @Mixin private SourceOptions open = new SourceOptions();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Worker threads. Default: the number of processors.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  DigestCommand(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (Path image : images) {
      try (DiskImage disk = Formats.open(image, open.options(spec.commandLine()))) {
        out.println(
            ContentDigests.of(disk, jobs, cancellation) + "  " + Fault.printable(image.toString()));
      }
    }
    return ExitCode.OK;
  }
}
