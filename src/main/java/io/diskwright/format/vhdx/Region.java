package io.diskwright.format.vhdx;

/**
 * A stretch of the file that is taken by a structure and so cannot be a block. It lies inside the
 * file, so its end does not overflow.
 *
 * @param name what lies there, for messages
 * @param offset bytes from the start of the file
 * @param length bytes
 */
record Region(String name, long offset, long length) {

  /** All structures but blocks lie at multiples of this, and so do blocks. */
  static final long ALIGNMENT = 1 << 20;

  /** The file type identifier, the headers and the region tables, with the space reserved there. */
  static final Region HEADER_SECTION = new Region("header section", 0, ALIGNMENT);

  /** Where it ends, exclusive. */
  long end() {
    return offset + length;
  }

  /** Whether it shares a byte with a stretch that lies inside the file. */
  boolean overlaps(long otherOffset, long otherLength) {
    return offset < otherOffset
        ? otherOffset - offset < length
        : offset - otherOffset < otherLength;
  }
}
