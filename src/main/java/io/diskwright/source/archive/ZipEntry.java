package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * A member's record in the central directory of a zip archive, its fields named as APPNOTE names
 * them; those of zip64 are already in their places.
 *
 * @param member what it describes
 * @param flags general purpose bits
 * @param method compression method
 * @param crc32 of the content
 * @param compressedSize bytes as it is stored
 * @param localHeaderOffset where its local header lies in the archive, in bytes
 */
record ZipEntry(
    Member member, int flags, int method, long crc32, long compressedSize, long localHeaderOffset) {

  static final long SIGNATURE = 0x02014b50L;
  static final String NAME = "zip central header";

  private static final int SIZE = 46;
  private static final int UNIX = 3;
  private static final int MACOS = 19;

  /**
   * Reads a record from a tape at its signature, up to the next.
   *
   * @param index of the member
   */
  static ZipEntry read(Tape tape, int index) throws IOException {
    ByteView view = tape.view(NAME, SIZE, ByteOrder.LITTLE_ENDIAN);
    if (view.u32(0) != SIGNATURE) {
      throw view.corrupt("signature", 0, Fault.number(view.u32(0)), Fault.number(SIGNATURE));
    }
    if (view.u16(34) != 0 && view.u16(34) != Zip64.ELSEWHERE_16) {
      throw view.unsupported("disk number", 34, view.u16(34) + "", "0, an archive in one piece");
    }
    ByteView name = tape.view(NAME, view.u16(28), ByteOrder.LITTLE_ENDIAN);
    ByteView extra = tape.view(NAME, view.u16(30), ByteOrder.LITTLE_ENDIAN);
    tape.skip(NAME, view.u16(32)); // the comment
    long[] numbers = Zip64.resolve(extra, view.u32(24), view.u32(20), view.u32(42));
    String text = ZipName.text(name);
    var member =
        new Member(
            index, text, kind(text, view.u16(4) >>> 8, view.u32(38)), numbers[0], numbers[2]);
    return new ZipEntry(member, view.u16(8), view.u16(10), view.u32(16), numbers[1], numbers[2]);
  }

  private static Member.Kind kind(String name, int system, long attributes) {
    if (name.endsWith("/")) {
      return Member.Kind.DIRECTORY;
    }
    int type = system == UNIX || system == MACOS ? (int) (attributes >>> 28) : 0;
    return switch (type) {
      case 2, 6 -> Member.Kind.DEVICE;
      case 4 -> Member.Kind.DIRECTORY;
      case 10 -> Member.Kind.SYMBOLIC_LINK;
      default -> Member.Kind.FILE; // also a FIFO, which is what zip says of its standard input
    };
  }

  /** What the record says about the member's data. */
  ZipContent.Stated stated() {
    return new ZipContent.Stated(compressedSize, member.size(), crc32);
  }
}
