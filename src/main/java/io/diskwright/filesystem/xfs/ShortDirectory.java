package io.diskwright.filesystem.xfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory that fits into its inode.
 *
 * @param parent the inode of {@code ..}
 */
record ShortDirectory(long parent, List<DirectoryEntry> entries) {

  private static final int PARENT_AT = 2;
  private static final long LONG_NUMBER_BITS = (1L << 56) - 1;

  /**
   * Parses the data fork of a directory.
   *
   * @param size bytes the directory says it has
   */
  static ShortDirectory parse(Metadata metadata, Fork fork, long size) throws CorruptImage {
    if (size > fork.length() || size < PARENT_AT + 4) {
      throw fork.corrupt(
          "a directory of " + Fault.number(size) + " bytes",
          PARENT_AT + 4 + " to " + fork.length() + " in an inode");
    }
    ByteView view = fork.view();
    int end = fork.at() + (int) size;
    int count = view.u8(fork.at());
    // How many numbers need 8 bytes, that of the parent among them: then all have as many.
    int width = view.u8(fork.at() + 1) > 0 ? 8 : 4;
    int typeWidth = metadata.features().hasFileType() ? 1 : 0;
    List<DirectoryEntry> entries = new ArrayList<>();
    int at = fork.at() + PARENT_AT + width;
    for (int i = 0; i < count; i++) {
      if (end - at < 3) {
        throw outside(view, at, i);
      }
      int length = view.u8(at);
      int nameAt = at + 3;
      int typeAt = nameAt + length;
      if (end - at < 3 + length + typeWidth + width) {
        throw outside(view, at, i);
      }
      entries.add(
          DirectoryEntry.of(
              metadata.geometry(),
              view,
              at,
              number(view, typeAt + typeWidth, width),
              nameAt,
              length,
              typeWidth == 0 ? -1 : typeAt));
      at = typeAt + typeWidth + width;
    }
    if (at > end) {
      throw outside(view, at, count);
    }
    long parent = number(view, fork.at() + PARENT_AT, width);
    if (!metadata.geometry().holdsInode(parent)) {
      throw view.corrupt(
          "parent", fork.at() + PARENT_AT, Fault.number(parent), "an inode inside the filesystem");
    }
    return new ShortDirectory(parent, List.copyOf(entries));
  }

  private static CorruptImage outside(ByteView view, int at, int entry) {
    return view.corrupt(
        "entry " + entry, at, "an entry past the end", "inside the directory's bytes");
  }

  private static long number(ByteView view, int at, int width) throws CorruptImage {
    return width == 4 ? view.u32(at) : view.u64(at) & LONG_NUMBER_BITS;
  }
}
