package io.diskwright.filesystem;

import java.io.IOException;
import java.util.Optional;

/** A name in a directory. */
public interface Entry {

  /**
   * The name: one that {@link EntryNames} accepts, never {@code .} or {@code ..}. Bytes that are
   * not UTF-8 are kept as {@link EntryNames#decode} says.
   */
  String name();

  /** What the directory itself says of the kind; empty where it does not. */
  Optional<FileKind> kind();

  /** The node that the name leads to, read when asked for. */
  Node node() throws IOException;
}
