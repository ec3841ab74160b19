package io.diskwright.source.archive;

import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive that is read once: by its local headers, which the central directory behind them
 * must confirm.
 */
final class PassingZip implements PassingArchive {

  private final ForwardSource archive;
  private final Tape tape;
  private final Map<Long, Passed> passed = new HashMap<>();
  private final MemberList local;
  private List<Member> members;
  private @Nullable ZipLocalHeader header;
  private @Nullable ZipContent content;

  /** What a member passed as; its content is known when it had to be unpacked. */
  private record Passed(ZipLocalHeader header, ZipContent.@Nullable Stated found) {}

  /**
   * @param archive closed with this
   */
  PassingZip(ForwardSource archive) throws IOException {
    this.archive = archive;
    this.tape = new Tape.Passing(archive);
    this.local = new MemberList(archive.describe());
    this.members = local.view();
    // What stands before an archive that was to be cut into pieces, and then was not.
    if (archive.peek("zip", 4, ByteOrder.LITTLE_ENDIAN).startsWith(0, "PK00")) {
      archive.skip("zip", 4);
    }
  }

  @Override
  public String source() {
    return archive.describe();
  }

  @Override
  public @Nullable Member next() throws IOException {
    finishMember();
    ByteView signature = archive.peek(ZipLocalHeader.NAME, 4, ByteOrder.LITTLE_ENDIAN);
    if (signature.u32(0) != ZipLocalHeader.SIGNATURE) {
      var directory = new PassingZipDirectory(archive, tape);
      members = directory.read(this::check, passed.size());
      return null;
    }
    ZipLocalHeader read = ZipLocalHeader.read(tape);
    header = read;
    passed.put(read.offset(), new Passed(read, null));
    var member =
        new Member(
            local.size(),
            read.name(),
            read.name().endsWith("/") ? Member.Kind.DIRECTORY : Member.Kind.FILE,
            read.sizesFollow() ? UNKNOWN_SIZE : read.uncompressedSize(),
            read.offset());
    local.add(member);
    return member;
  }

  private void check(ZipEntry entry) throws CorruptImage {
    Passed member = passed.get(entry.localHeaderOffset());
    if (member == null) {
      throw new CorruptImage(
          archive.describe(),
          ZipEntry.NAME,
          entry.localHeaderOffset(),
          "no local header of " + entry.member().shown(),
          "one");
    }
    member.header().checkAgainst(entry, archive.describe());
    if (member.found() != null && !member.found().equals(entry.stated())) {
      throw new CorruptImage(
          archive.describe(),
          ZipEntry.NAME,
          entry.localHeaderOffset(),
          "another size or CRC-32 for " + entry.member().shown(),
          "those that the content has");
    }
  }

  @Override
  public InputStream data() throws IOException {
    ZipLocalHeader current = header;
    if (current == null) {
      throw new IllegalStateException("no member");
    }
    ZipMethod method = ZipMethod.of(current, archive.describe());
    if (current.sizesFollow() && method != ZipMethod.DEFLATED) {
      throw new UnsupportedFeature(
          archive.describe(),
          ZipLocalHeader.NAME + " flags",
          current.offset() + 6,
          Member.shown(current.name()) + ", which tells its length only behind its data",
          "a length before the data, or deflate",
          "Save the archive as a file and name that");
    }
    var stated =
        current.sizesFollow()
            ? null
            : new ZipContent.Stated(
                current.compressedSize(), current.uncompressedSize(), current.crc32());
    var stream = new ZipContent(archive, current.name(), method, stated);
    content = stream;
    return stream;
  }

  /** Goes behind the member's data and its data descriptor. */
  private void finishMember() throws IOException {
    ZipLocalHeader current = header;
    if (current == null) {
      return;
    }
    if (content == null && !current.sizesFollow()) {
      archive.skip(Member.shown(current.name()), current.compressedSize());
    } else {
      ZipContent stream = content == null ? (ZipContent) data() : content;
      byte[] scrap = new byte[ForwardSource.MAX_PEEK];
      while (stream.read(scrap, 0, scrap.length) >= 0) {
        // read to the end, where it is verified
      }
      passed.put(current.offset(), new Passed(current, stream.found()));
      if (current.sizesFollow()) {
        skipDescriptor(current, stream.found());
      }
    }
    header = null;
    content = null;
  }

  /**
   * A data descriptor may have a signature or not, and numbers of 32 or 64 bits, and nothing says
   * which; but only one of them can fit what was read.
   */
  private void skipDescriptor(ZipLocalHeader current, ZipContent.Stated found) throws IOException {
    ByteView view = archive.peek("zip data descriptor", 24, ByteOrder.LITTLE_ENDIAN);
    byte[] present = view.bytes(0, view.length());
    for (int signature = 4; signature >= 0; signature -= 4) {
      for (int number = needs64Bits(current, found) ? 8 : 4; number <= 8; number += 4) {
        byte[] expected = descriptor(found, signature, number);
        if (startsWith(present, expected)) {
          archive.skip("zip data descriptor", expected.length);
          return;
        }
      }
    }
    throw view.corrupt(
        "content",
        0,
        "another size or CRC-32",
        Fault.number(found.size())
            + " bytes and "
            + Digester.crc32(found.crc32())
            + ", as "
            + Member.shown(current.name())
            + " has");
  }

  private static boolean needs64Bits(ZipLocalHeader header, ZipContent.Stated found) {
    return header.zip64() || found.packed() >= Zip64.ELSEWHERE || found.size() >= Zip64.ELSEWHERE;
  }

  private static byte[] descriptor(ZipContent.Stated found, int signature, int number) {
    ByteBuffer buffer = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    if (signature > 0) {
      buffer.putInt(0x08074b50);
    }
    buffer.putInt((int) found.crc32());
    if (number == 8) {
      buffer.putLong(found.packed()).putLong(found.size());
    } else {
      buffer.putInt((int) found.packed()).putInt((int) found.size());
    }
    byte[] result = new byte[buffer.position()];
    buffer.flip().get(result);
    return result;
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  @Override
  public List<Member> members() {
    return members;
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
