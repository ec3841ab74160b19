package io.diskwright.filesystem;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * A filesystem as its reader sees it. Safe for any thread. It reads from a source that somebody
 * else closes, and holds nothing that must be closed.
 */
public interface FileTree {

  /** In blkid's words: {@code ext4}, {@code xfs}, {@code ntfs}, {@code vfat}. */
  String type();

  /** The volume's name in messages. */
  String describe();

  /** The root directory. */
  Node root() throws IOException;

  /** What the filesystem says of itself, told from a few reads. */
  FilesystemFacts facts() throws IOException;

  /**
   * Walks all structures and reports what contradicts another, in no special order; nothing when
   * the filesystem is sound. Takes as long as reading all metadata. Damage never makes it throw an
   * {@link io.diskwright.io.ImageException}: what cannot be walked is a problem too.
   */
  void check(Consumer<Problem> problems) throws IOException;
}
