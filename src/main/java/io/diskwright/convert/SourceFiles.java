package io.diskwright.convert;

import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.target.PartialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that a conversion reads, which nobody may change or write meanwhile. */
final class SourceFiles {

  private SourceFiles() {}

  /**
   * The files of a source; none when it is a stream.
   *
   * @param info the source's, with the files it names
   * @throws IllegalArgumentException when one of them is the target
   */
  static List<FileIdentity> of(ConversionRequest request, ImageInfo info) throws IOException {
    var files = new ArrayList<FileIdentity>();
    if (request.input().isEmpty()) {
      files.add(FileIdentity.of(request.source()));
    }
    for (ExternalFile file : info.externalFiles()) {
      // A member of an archive is no file of its own.
      if (Files.exists(file.path())) {
        files.add(FileIdentity.of(file.path()));
      }
    }
    if (request.stream().isEmpty()) {
      for (FileIdentity file : files) {
        refuseAsTarget(file.path(), request.target());
      }
      if (request.open().secretFile().isPresent()) {
        refuseAsTarget(request.open().secretFile().get(), request.target());
      }
    }
    return files;
  }

  private static void refuseAsTarget(Path file, Path target) throws IOException {
    for (Path written : List.of(target, PartialFile.partialOf(target), Journal.of(target))) {
      if (isSame(file, written)) {
        throw new IllegalArgumentException(
            written
                + " is read by this conversion; a source is never overwritten, name another"
                + " TARGET");
      }
    }
  }

  /** A file that is not there, or that another run removes meanwhile, is no other's. */
  private static boolean isSame(Path file, Path written) throws IOException {
    try {
      return Files.isSameFile(file, written);
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
