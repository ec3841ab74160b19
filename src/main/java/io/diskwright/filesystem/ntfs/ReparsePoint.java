package io.diskwright.filesystem.ntfs;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What stands in place of a file's or directory's own content.
 *
 * @param tag who is to make sense of it ([MS-FSCC] 2.1.2.1)
 * @param data what follows the header
 */
record ReparsePoint(int tag, ByteView data) {

  static final int MOUNT_POINT = 0xa0000003;
  static final int SYMLINK = 0xa000000c;
  static final int WOF = 0x80000017;
  static final int LX_SYMLINK = 0xa000001d;
  static final int AF_UNIX = 0x80000023;
  static final int LX_FIFO = 0x80000024;
  static final int LX_CHR = 0x80000025;
  static final int LX_BLK = 0x80000026;

  private static final int APP_EXECUTION_LINK = 0x8000001b;
  private static final int NFS = 0x80000014;

  private static final int HEADER = 8;
  private static final String DEVICES = "\\??\\";

  static ReparsePoint parse(ByteView view) throws CorruptImage {
    int length = view.u16(4);
    if (length > view.length() - HEADER) {
      throw view.corrupt(
          "data length", 4, Integer.toString(length), "at most " + (view.length() - HEADER));
    }
    var data =
        new ByteView(
            ByteBuffer.wrap(view.bytes(HEADER, length)),
            ByteOrder.LITTLE_ENDIAN,
            view.source(),
            "reparse point",
            view.offset() + HEADER);
    return new ReparsePoint((int) view.u32(0), data);
  }

  /**
   * Whether what the file holds beside the reparse point is its content. Of others than these it
   * lies elsewhere: deduplicated, in a cloud or an archive; or only their makers know.
   */
  boolean isContentInPlace() {
    return tag == APP_EXECUTION_LINK || tag == NFS;
  }

  /**
   * Where a symbolic link or a junction leads, as a path inside the guest; empty for other tags.
   */
  Optional<String> target() throws CorruptImage {
    return switch (tag) {
      case SYMLINK -> Optional.of(translated(12));
      case MOUNT_POINT -> Optional.of(translated(8));
      case LX_SYMLINK ->
          Optional.of(
              new String(data.bytes(4, Math.max(0, data.length() - 4)), StandardCharsets.UTF_8));
      default -> Optional.empty();
    };
  }

  /**
   * The name to substitute, with slashes. A drive's letter is the volume itself, as far as can be
   * told; what names a volume by its number keeps that as a first name, which leads nowhere.
   */
  private String translated(int names) throws CorruptImage {
    String name =
        new String(data.bytes(names + data.u16(0), data.u16(2)), StandardCharsets.UTF_16LE);
    boolean absolute = name.startsWith(DEVICES);
    String path = absolute ? name.substring(DEVICES.length()) : name;
    if (path.length() >= 2 && path.charAt(1) == ':') {
      absolute = true;
      path = path.substring(2);
    }
    path = path.replace('\\', '/');
    return absolute && !path.startsWith("/") ? "/" + path : path;
  }
}
