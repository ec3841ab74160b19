package io.diskwright.source;

import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The files of the file system that a {@link ReferencePolicy} lets an image name. */
public final class FolderSurroundings implements Surroundings {

  /** More files than any migration keeps in one folder; looking through them must stay quick. */
  private static final int MAX_NAMES = 20_000;

  private final Path top;
  private final ReferencePolicy policy;

  /**
   * @param top the image the user named
   */
  public FolderSurroundings(Path top, ReferencePolicy policy) {
    this.top = top;
    this.policy = policy;
  }

  @Override
  public Neighbour open(Path referrer, String role, String name, long offset) throws IOException {
    Path real = policy.resolve(top, referrer, role, name, offset);
    return new Neighbour(FileSource.open(real), real);
  }

  /** The names in the referrer's own folder, and the paths of the files in the allowed folders. */
  @Override
  public List<String> names(Path referrer) throws IOException {
    var names = new ArrayList<String>();
    if (policy.denied()) {
      return names;
    }
    Path own = referrer.toAbsolutePath().getParent();
    if (own != null) {
      list(own, referrer, names, false);
    }
    for (Path folder : policy.folders()) {
      list(folder, referrer, names, true);
    }
    return names;
  }

  private static void list(Path folder, Path referrer, List<String> names, boolean whole)
      throws IOException {
    var found = new ArrayList<String>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry)) {
          found.add((whole ? entry.toAbsolutePath() : entry.getFileName()).toString());
        }
        if (names.size() + found.size() > MAX_NAMES) {
          throw new LimitExceeded(
              referrer.toString(),
              "folder " + folder,
              Fault.NOWHERE,
              "more than " + MAX_NAMES + " files to look through",
              "up to " + MAX_NAMES,
              "Move the image and the files it names into a folder of their own");
        }
      }
    }
    Collections.sort(found);
    names.addAll(found);
  }
}
