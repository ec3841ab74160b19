package io.diskwright.cli;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.format.Formats;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.FileRange;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diskwright map}. */
@Command(
    name = "map",
    description =
        "Lists an image's extents: data, compressed, encrypted, zero, hole, and where they lie.")
final class MapCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "IMAGE", description = "The image.")
  private @Nullable Path image;

  @Mixin private SourceOptions open = new SourceOptions();

  @Option(names = "--json", description = "Print a JSON array, an object an extent.")
  private boolean json;

  /** A row of the map; {@code file} is null where nothing is stored. */
  private record Row(
      long start, long length, String kind, @Nullable String file, long fileOffset) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (DiskImage disk = Formats.open(Arguments.given(image), open.options(spec.commandLine()))) {
      var cursor = new ExtentCursor(disk, 0, disk.size());
      if (json) {
        out.print('[');
      } else {
        out.printf("%16s %16s  %-10s  %s%n", "start", "length", "kind", "file offset, file");
      }
      boolean first = true;
      for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
        print(out, row(extent), first);
        first = false;
      }
      if (json) {
        out.println(']');
      }
    }
    return ExitCode.OK;
  }

  private static Row row(Extent extent) {
    return switch (extent) {
      case Extent.Zero e -> new Row(e.start(), e.length(), e.explicit() ? "zero" : "hole", null, 0);
      case Extent.Data e -> stored(e, "data", e.source(), e.sourceOffset(), e.length());
      case Extent.Encoded e ->
          stored(e, e.codec().word(), e.source(), e.sourceOffset(), e.encodedLength());
    };
  }

  private static Row stored(
      Extent extent, String kind, ByteSource source, long offset, long length) {
    FileRange range = source.fileRange(offset, length);
    // What was unpacked lies in a file that has no name any more.
    return range != null && Files.exists(range.file())
        ? new Row(extent.start(), extent.length(), kind, range.file().toString(), range.offset())
        : new Row(extent.start(), extent.length(), kind, source.describe(), offset);
  }

  private void print(PrintWriter out, Row row, boolean first) {
    if (json) {
      out.print(first ? "" : ",\n ");
      out.print(
          Json.line(generator -> {
            generator.writeNumberProperty("start", row.start);
            generator.writeNumberProperty("length", row.length);
            generator.writeStringProperty("kind", row.kind);
            if (row.file != null) {
              generator.writeStringProperty("file", row.file);
              generator.writeNumberProperty("offset", row.fileOffset);
            }
          }));
    } else {
      String place = row.file == null ? "" : row.fileOffset + ", " + Fault.printable(row.file);
      out.printf(Locale.ROOT, "%16d %16d  %-10s  %s%n", row.start, row.length, row.kind, place);
    }
  }
}
