package io.diskwright.io;

/**
 * A stretch of a file that holds metadata.
 *
 * @param offset bytes from the start of the file
 * @param length bytes
 */
public record Region(String name, long offset, long length) {

  /** Whether it shares a byte with another stretch; both lie inside one file. */
  public boolean overlaps(long otherOffset, long otherLength) {
    return offset < otherOffset
        ? otherOffset - offset < length
        : offset - otherOffset < otherLength;
  }
}
