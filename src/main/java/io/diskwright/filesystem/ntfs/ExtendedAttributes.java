package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Attributes as OS/2 had them ({@code $EA}), in which Windows' subsystem for Linux keeps what its
 * files have beyond those of Windows.
 */
final class ExtendedAttributes {

  /** A device's major and minor number, 32 bits each. */
  static final String DEVICE = "$LXDEV";

  private static final int MAX_LENGTH = 1 << 16;
  private static final int HEADER = 8;

  private ExtendedAttributes() {}

  /**
   * The value of one.
   *
   * @param list all attributes of a file
   * @throws CorruptImage when there is none of that name
   */
  static ByteView value(ByteSource list, String structure, String name) throws IOException {
    if (list.size() > MAX_LENGTH) {
      throw new LimitExceeded(
          list.describe(), structure, 0, list.size() + " bytes", "at most " + MAX_LENGTH);
    }
    ByteView view = list.view(structure, 0, (int) list.size(), ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (view.length() - at >= HEADER) {
      long next = view.u32(at);
      int nameLength = view.u8(at + 5);
      if (nameLength == name.length() && view.startsWith(at + HEADER, name)) {
        byte[] value = view.bytes(at + HEADER + nameLength + 1, view.u16(at + 6));
        return new ByteView(
            ByteBuffer.wrap(value), ByteOrder.LITTLE_ENDIAN, view.source(), structure, at);
      }
      if (next < HEADER || next > view.length() - at) {
        break;
      }
      at += (int) next;
    }
    throw view.corrupt("names", 0, "no " + name, "the attribute " + name);
  }
}
