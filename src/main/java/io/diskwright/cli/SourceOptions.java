package io.diskwright.cli;

import io.diskwright.format.Formats;
import io.diskwright.io.Fault;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.ReferencePolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How the named image is opened. */
final class SourceOptions {

  /** The formats {@code --from} takes. */
  static final class FormatNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Formats.names().iterator();
    }
  }

  @Option(
      names = "--from",
      paramLabel = "FORMAT",
      completionCandidates = FormatNames.class,
      description =
          "The image's format, instead of recognising it by content: ${COMPLETION-CANDIDATES}.")
  private @Nullable String from;

  @Option(
      names = "--external",
      paramLabel = "deny|folder|DIR",
      defaultValue = "folder",
      description =
          "Which other files an image may name (backing file, data file, extent): none, those in"
              + " the image's own folder (default), or also those under DIR.")
  private String external = "folder";

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description =
          "The file that holds the passphrase of an encrypted image and of its backing files. One"
              + " line end behind it is not part of it.")
  private @Nullable Path secretFile;

  @Option(
      names = "--snapshot",
      paramLabel = "NAME",
      description =
          "Read this internal snapshot of a qcow2, by id or name, instead of the active state.")
  private @Nullable String snapshot;

  @Option(
      names = "--disk",
      paramLabel = "N",
      description = "Which disk of an archive (OVA, tar, zip) that holds several: 1, 2, ….")
  private @Nullable Integer disk;

  @Option(
      names = "--spool",
      paramLabel = "DIR",
      description =
          "Where an image is unpacked that cannot be read inside its archive or compressed file;"
              + " removed at the end. Default: the system's folder for temporary files.")
  private @Nullable Path spool;

  /**
   * @param command whose stderr is told what opening costs
   */
  OpenOptions options(CommandLine command) {
    if (from != null && !Formats.names().contains(from)) {
      throw new IllegalArgumentException(
          "--from " + from + " is no format; use one of " + String.join(", ", Formats.names()));
    }
    if (spool != null && !Files.isDirectory(spool)) {
      throw new IllegalArgumentException("--spool " + spool + " is no folder");
    }
    return OpenOptions.defaults()
        .withFormat(Optional.ofNullable(from))
        .withReferences(policy())
        .withSecretFile(Optional.ofNullable(secretFile))
        .withSnapshot(Optional.ofNullable(snapshot))
        .withDisk(disk == null ? OptionalInt.empty() : OptionalInt.of(disk))
        .withSpoolFolder(Optional.ofNullable(spool))
        .withNotices(notice -> command.getErr().println("diskwright: " + Fault.printable(notice)));
  }

  private ReferencePolicy policy() {
    switch (external) {
      case "deny" -> {
        return ReferencePolicy.deny();
      }
      case "folder" -> {
        return ReferencePolicy.folder();
      }
      default -> {
        Path folder = Path.of(external);
        if (!Files.isDirectory(folder)) {
          throw new IllegalArgumentException("--external " + external + " is no folder");
        }
        return ReferencePolicy.alsoUnder(folder);
      }
    }
  }
}
