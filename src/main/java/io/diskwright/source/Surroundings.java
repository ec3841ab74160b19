package io.diskwright.source;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files among which an image lies and which it may name: a folder of the file system behind its
 * {@link ReferencePolicy}, or the other members of an archive. Safe for any thread.
 */
public interface Surroundings {

  /**
   * A file that was named and opened.
   *
   * @param source its bytes; the caller closes it
   * @param path where it was found, by which it is known again
   */
  record Neighbour(ByteSource source, Path path) {}

  /**
   * Opens a file that an image names.
   *
   * @param referrer the file that holds the reference
   * @param role what the referenced file is to it: {@code backing}, {@code extent}
   * @param name the reference as it stands in {@code referrer}
   * @param offset where it stands there, in bytes, or {@link io.diskwright.io.Fault#NOWHERE}
   * @throws io.diskwright.io.UnsafeReference when it may not be opened or is not there
   */
  Neighbour open(Path referrer, String role, String name, long offset) throws IOException;

  /**
   * What {@link #open} can be asked for, in a stable order: for references that are no names. Empty
   * when no file may be named.
   *
   * @param referrer the file among whose neighbours somebody looks
   * @throws io.diskwright.io.LimitExceeded when there are too many to look through
   */
  List<String> names(Path referrer) throws IOException;
}
