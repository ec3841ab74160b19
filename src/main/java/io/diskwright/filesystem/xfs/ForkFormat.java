package io.diskwright.filesystem.xfs;

/** What an inode keeps in a fork, numbered as on the disk. */
enum ForkFormat {
  /** A device number. */
  DEVICE("device"),
  /** The content itself. */
  LOCAL("local"),
  /** Extent records. */
  EXTENTS("extents"),
  /** The root of a tree of extent records. */
  BTREE("btree");

  private final String title;

  ForkFormat(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
