package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import java.nio.charset.StandardCharsets;

/**
 * A header block of a tar archive, its fields named as POSIX names them.
 *
 * @param name the member's name, its {@code prefix} before it
 * @param size bytes of data behind the header, without padding
 * @param typeflag what the member is; {@code '0'} also where an old archive has a NUL
 */
record TarHeader(String name, long size, char typeflag) {

  /** Bytes of a block: headers are one, data is padded to whole ones. */
  static final int BLOCK = 512;

  static final String NAME = "tar header";

  private static final int SIZE_AT = 124;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int TYPEFLAG_AT = 156;
  private static final int MAGIC_AT = 257;
  private static final int PREFIX_AT = 345;

  /**
   * Whether these bytes start a tar archive: the magic of POSIX or of GNU, or an old archive's
   * checksum.
   */
  static boolean startsHere(ByteView head) {
    if (head.startsWith(MAGIC_AT, "ustar")) {
      return true;
    }
    try {
      return head.length() >= BLOCK && head.u8(0) != 0 && checksumFits(head);
    } catch (CorruptImage e) {
      return false; // the checksum is no number: something else starts here
    }
  }

  /**
   * Reads a header.
   *
   * @param view {@link #BLOCK} bytes
   * @throws CorruptImage when the checksum is wrong, or a number is none
   */
  static TarHeader parse(ByteView view) throws ImageException {
    if (!checksumFits(view)) {
      throw view.corrupt(
          "chksum",
          CHECKSUM_AT,
          TarNumber.parse(view, "chksum", CHECKSUM_AT, CHECKSUM_LENGTH) + "",
          "the sum of the header's bytes, " + sum(view, false));
    }
    String name = view.text(0, 100, StandardCharsets.UTF_8);
    // GNU's own archives have times where POSIX has the prefix.
    if (view.startsWith(MAGIC_AT, "ustar\0")) {
      String prefix = view.text(PREFIX_AT, 155, StandardCharsets.UTF_8);
      name = prefix.isEmpty() ? name : prefix + "/" + name;
    }
    int typeflag = view.u8(TYPEFLAG_AT);
    return new TarHeader(
        name, TarNumber.parse(view, "size", SIZE_AT, 12), typeflag == 0 ? '0' : (char) typeflag);
  }

  private static boolean checksumFits(ByteView view) throws CorruptImage {
    long stated = TarNumber.parse(view, "chksum", CHECKSUM_AT, CHECKSUM_LENGTH);
    // Some old writers added up signed bytes.
    return stated == sum(view, false) || stated == sum(view, true);
  }

  private static long sum(ByteView view, boolean signed) throws CorruptImage {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH;
      int value = own ? ' ' : view.u8(i);
      sum += signed ? (byte) value : value;
    }
    return sum;
  }

  /**
   * What the type of a member means; those of extensions are not members.
   *
   * @param name the member's name, from wherever it stands
   */
  Member.Kind kind(String name) {
    return switch (typeflag) {
      case '0', '7' -> name.endsWith("/") ? Member.Kind.DIRECTORY : Member.Kind.FILE;
      case 'S' -> Member.Kind.FILE;
      case '1' -> Member.Kind.HARD_LINK;
      case '2' -> Member.Kind.SYMBOLIC_LINK;
      case '3', '4', '6' -> Member.Kind.DEVICE;
      case '5' -> Member.Kind.DIRECTORY;
      default -> Member.Kind.OTHER;
    };
  }
}
