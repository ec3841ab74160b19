package io.diskwright.cli;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.Formats;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diskwright ls}. */
@Command(
    name = "ls",
    description = {
      "Lists a directory of the guest, or a file.",
      "",
      "Without PARTITION it looks into the guest as it runs, with all its filesystems in place, or"
          + " into the only filesystem there is."
    })
final class LsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "IMAGE[:PARTITION]",
      converter = ImageArgument.Converter.class,
      description = "The image; PARTITION is a number as info shows it, or VG/LV.")
  private @Nullable ImageArgument image;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "The directory or file in the guest. Default: /.")
  private String path = "/";

  @Option(
      names = "-l",
      description = "Show mode, links, owner, group, size and the time of the last change.")
  private boolean details;

  @Option(names = "-R", description = "Go into all directories below.")
  private boolean recursive;

  @Option(names = "--json", description = "Print a JSON object a line.")
  private boolean json;

  @Mixin private SourceOptions open = new SourceOptions();

  @Override
  public Integer call() throws IOException {
    ImageArgument named = Arguments.given(image);
    try (DiskImage disk = Formats.open(named.image(), open.options(spec.commandLine()))) {
      Path start = GuestFiles.open(disk, named).resolve(path);
      if (Files.isDirectory(start)) {
        directories(start);
      } else {
        if (!Files.exists(start, LinkOption.NOFOLLOW_LINKS)) {
          throw new NoSuchFileException(start.toString());
        }
        print(start, start.toString());
      }
    }
    return ExitCode.OK;
  }

  private void directories(Path start) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Deque<Path> pending = new ArrayDeque<>();
    pending.push(start);
    boolean first = true;
    while (!pending.isEmpty()) {
      Path directory = pending.pop();
      if (recursive && !json) {
        out.print(first ? "" : "\n");
        out.println(FileLine.name(directory.toString()) + ":");
      }
      first = false;
      List<Path> inner = new ArrayList<>();
      for (Path entry : sorted(directory)) {
        print(entry, String.valueOf(entry.getFileName()));
        if (recursive && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          inner.add(entry);
        }
      }
      inner.reversed().forEach(pending::push);
    }
  }

  private static List<Path> sorted(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.comparing(Path::toString));
    return entries;
  }

  private void print(Path entry, String name) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(FileLine.json(entry));
    } else if (details) {
      out.println(FileLine.details(entry, name));
    } else {
      out.println(FileLine.name(name));
    }
  }
}
