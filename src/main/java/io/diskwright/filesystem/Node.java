package io.diskwright.filesystem;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file, directory, link or device of a filesystem. Safe for any thread. Every method may throw an
 * {@link io.diskwright.io.ImageException} when what it needs is damaged or not understood.
 */
public interface Node {

  /** The tree it belongs to; in a view of several filesystems the one it lies in. */
  FileTree tree();

  /** The number by which the filesystem knows it: inode, file record, first cluster. */
  long number();

  /** What the filesystem says of it. */
  NodeAttributes attributes() throws IOException;

  /**
   * The number of the directory that holds this directory, as it says itself; empty when it does
   * not say, and for a root. A directory that is reached through another one is damaged, and
   * following it could go on for ever.
   */
  OptionalLong parentNumber() throws IOException;

  /** The entries of a directory. */
  EntryCursor entries() throws IOException;

  /**
   * The node of that name in a directory, by the filesystem's own rules of equality. Never {@code
   * .} or {@code ..}.
   */
  Optional<Node> child(String name) throws IOException;

  /**
   * The content of a regular file, {@link NodeAttributes#size()} bytes; its name in messages holds
   * the node's number. Closing it is not needed.
   */
  ByteSource content() throws IOException;

  /** Where a symbolic link leads, as it is written; {@link EntryNames#decode} made it text. */
  String linkTarget() throws IOException;

  /**
   * Extended attributes by their full names ({@code user.x}, {@code security.selinux}), alternate
   * data streams of NTFS as {@code user.NAME}; sorted by name.
   */
  Map<String, ByteSource> extendedAttributes() throws IOException;
}
