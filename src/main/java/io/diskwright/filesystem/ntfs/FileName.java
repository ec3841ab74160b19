package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.charset.StandardCharsets;

/**
 * A name of a file in a directory, as its record and the directory's index have it.
 *
 * @param parent reference of the directory
 */
record FileName(long parent, int fileAttributes, int namespace, String name) {

  private static final int NAME = 66;
  private static final int DOS = 2;

  /**
   * @param at where it starts in the view
   */
  static FileName parse(ByteView view, int at) throws CorruptImage {
    int length = view.u8(at + 64);
    return new FileName(
        view.u64(at),
        (int) view.u32(at + 56),
        view.u8(at + 65),
        new String(view.bytes(at + NAME, 2 * length), StandardCharsets.UTF_16LE));
  }

  /** Bytes of the structure that starts there. */
  static int length(ByteView view, int at) throws CorruptImage {
    return NAME + 2 * view.u8(at + 64);
  }

  long parentNumber() {
    return parent & FileRecord.NUMBER_MASK;
  }

  /** Whether it is the second name that Windows makes for programs of DOS. */
  boolean isShort() {
    return namespace == DOS;
  }
}
