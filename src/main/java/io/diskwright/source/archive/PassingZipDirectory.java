package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;

/** What stands behind the members of a zip archive, up to its last byte. */
final class PassingZipDirectory {

  private static final String NAME = "zip central directory";

  private final ForwardSource archive;
  private final Tape tape;

  /** Confirms a record, or refuses it. */
  interface Check {
    void of(ZipEntry entry) throws IOException;
  }

  /**
   * @param tape of the archive
   */
  PassingZipDirectory(ForwardSource archive, Tape tape) {
    this.archive = archive;
    this.tape = tape;
  }

  /**
   * Reads the directory and all behind it.
   *
   * @param count how many members have passed
   * @return its members
   * @throws CorruptImage when it does not have as many, or something follows it
   */
  List<Member> read(Check check, int count) throws IOException {
    var members = new MemberList(archive.describe());
    while (signature() == ZipEntry.SIGNATURE) {
      ZipEntry entry = ZipEntry.read(tape, members.size());
      members.add(entry.member());
      check.of(entry);
    }
    if (members.size() != count) {
      throw wrong(members.size() + " members", count + ", as many as there are");
    }
    if (signature() == ZipEnd.ZIP64_SIGNATURE) {
      long length = archive.view(NAME, 12, ByteOrder.LITTLE_ENDIAN).u64(4);
      if (length < 0 || length > ForwardSource.MAX_PEEK) {
        throw wrong("a zip64 record of " + Fault.number(length) + " bytes", "up to 64 KiB");
      }
      archive.skip(NAME, length);
    }
    if (signature() == ZipEnd.LOCATOR_SIGNATURE) {
      archive.skip(NAME, ZipEnd.LOCATOR_SIZE);
    }
    readEnd(count);
    return members.view();
  }

  private void readEnd(int count) throws IOException {
    ByteView end = archive.view(ZipEnd.NAME, ZipEnd.SIZE, ByteOrder.LITTLE_ENDIAN);
    if (end.u32(0) != ZipEnd.SIGNATURE) {
      throw end.corrupt(
          "signature", 0, Fault.number(end.u32(0)), "a header or the archive's end record");
    }
    if (end.u16(10) != count && end.u16(10) != Zip64.ELSEWHERE_16) {
      throw end.corrupt("entries", 10, end.u16(10) + "", count + ", as many as there are");
    }
    archive.skip(ZipEnd.NAME, end.u16(20)); // the comment
    if (!tape.atEnd()) {
      throw wrong("more bytes behind the archive", "none");
    }
  }

  /** The next signature; 0 for less than one. */
  private long signature() throws IOException {
    ByteView view = archive.peek(NAME, 4, ByteOrder.LITTLE_ENDIAN);
    return view.length() < 4 ? 0 : view.u32(0);
  }

  private CorruptImage wrong(String found, String allowed) {
    return new CorruptImage(
        archive.describe(),
        NAME,
        archive.position(),
        found,
        allowed,
        "The archive is damaged; copy or download it again");
  }
}
