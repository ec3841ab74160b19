package io.diskwright.cli;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diskwright cat}. */
@Command(name = "cat", description = "Writes files of the guest to standard output.")
final class CatCommand implements Callable<Integer> {

  private static final int BUFFER = 1 << 20;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "IMAGE[:PARTITION]",
      converter = ImageArgument.Converter.class,
      description = "The image; PARTITION is a number as info shows it, or VG/LV.")
  private @Nullable ImageArgument image;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATH",
      description = "The files in the guest.")
  private List<String> paths = new ArrayList<>();

  @Mixin private SourceOptions open = new SourceOptions();

  @Override
  public Integer call() throws IOException {
    ImageArgument named = Arguments.given(image);
    try (DiskImage disk = Formats.open(named.image(), open.options(spec.commandLine()));
        OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      Path root = GuestFiles.open(disk, named);
      var buffer = new byte[BUFFER];
      for (String path : paths) {
        try (InputStream in = Files.newInputStream(root.resolve(path))) {
          for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            out.write(buffer, 0, length);
          }
        }
      }
    }
    return ExitCode.OK;
  }
}
