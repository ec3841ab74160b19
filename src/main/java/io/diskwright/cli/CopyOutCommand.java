package io.diskwright.cli;

import io.diskwright.disk.DiskImage;
import io.diskwright.extract.Skipped;
import io.diskwright.extract.TarStream;
import io.diskwright.extract.TreeCopy;
import io.diskwright.format.Formats;
import io.diskwright.io.Fault;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diskwright copy-out}. */
@Command(
    name = "copy-out",
    description = {
      "Copies a file or a tree out of the guest.",
      "",
      "Into a folder: contents with their holes, links, permissions and times; owners, devices and"
          + " set-user-id bits need root and are left out. With - as TARGET: a tar archive on"
          + " standard output, with owners and devices too, and times in whole seconds."
    })
final class CopyOutCommand implements Callable<Integer> {

  private static final int BUFFER = 1 << 20;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "IMAGE[:PARTITION]",
      converter = ImageArgument.Converter.class,
      description = "The image; PARTITION is a number as info shows it, or VG/LV.")
  private @Nullable ImageArgument image;

  @Parameters(index = "1", paramLabel = "PATH", description = "The file or tree in the guest.")
  private String path = "";

  @Parameters(
      index = "2",
      paramLabel = "TARGET",
      description =
          "A folder that the copy is put into, or the copy's own name, which must be free; - writes"
              + " a tar archive to standard output.")
  private String target = "";

  @Mixin private SourceOptions open = new SourceOptions();

  @Override
  public Integer call() throws IOException {
    ImageArgument named = Arguments.given(image);
    Skipped skipped =
        (left, reason) ->
            spec.commandLine()
                .getErr()
                .println("diskwright: left out " + Fault.printable(left + ": " + reason));
    try (DiskImage disk = Formats.open(named.image(), open.options(spec.commandLine()))) {
      Path source = GuestFiles.open(disk, named).resolve(path);
      if (target.equals("-")) {
        try (OutputStream out =
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER)) {
          TarStream.write(source, out, skipped);
        }
      } else {
        TreeCopy.copy(source, Path.of(target), skipped);
      }
    }
    return ExitCode.OK;
  }
}
