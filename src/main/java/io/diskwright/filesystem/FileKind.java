package io.diskwright.filesystem;

/** What a node of a filesystem is. */
public enum FileKind {
  /** A file with content. */
  REGULAR(0100000, '-', "file"),
  /** A directory. */
  DIRECTORY(0040000, 'd', "directory"),
  /** A symbolic link, or what a filesystem has in its place: a junction of NTFS. */
  SYMBOLIC_LINK(0120000, 'l', "symbolic link"),
  /** A character device. */
  CHARACTER_DEVICE(0020000, 'c', "character device"),
  /** A block device. */
  BLOCK_DEVICE(0060000, 'b', "block device"),
  /** A named pipe. */
  FIFO(0010000, 'p', "named pipe"),
  /** A socket. */
  SOCKET(0140000, 's', "socket");

  /** The bits of {@code st_mode} that hold the kind. */
  public static final int MODE_MASK = 0170000;

  private final int modeBits;
  private final char letter;
  private final String title;

  FileKind(int modeBits, char letter, String title) {
    this.modeBits = modeBits;
    this.letter = letter;
    this.title = title;
  }

  /** The kind's bits of {@code st_mode}. */
  public int modeBits() {
    return modeBits;
  }

  /** The letter by which {@code ls -l} shows the kind. */
  public char letter() {
    return letter;
  }

  /** The kind as messages call it. */
  public String title() {
    return title;
  }
}
