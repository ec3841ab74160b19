package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import io.diskwright.source.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A zip archive in a file. Its central directory is read when it is opened. */
final class ZipArchive implements Archive {

  private static final int LEAST_HEADER = 30;

  private final ByteSource source;
  private final ZipEnd end;
  private final MemberList members;
  private final List<ZipEntry> entries = new ArrayList<>();
  private long[] starts = {};

  private ZipArchive(ByteSource source, ZipEnd end) {
    this.source = source;
    this.end = end;
    this.members = new MemberList(source.describe());
  }

  static ZipArchive read(ByteSource source) throws IOException {
    var archive = new ZipArchive(source, ZipEnd.find(source));
    archive.readDirectory();
    archive.checkApart();
    return archive;
  }

  private void readDirectory() throws IOException {
    var tape = new Tape.Whole(source, end.offset(), end.end());
    for (int i = 0; i < end.entries(); i++) {
      ZipEntry entry = ZipEntry.read(tape, i);
      entries.add(entry);
      members.add(entry.member());
    }
    if (tape.position() != end.end()) {
      throw new CorruptImage(
          source.describe(),
          "zip central directory",
          tape.position(),
          "the end of its " + Fault.number(end.entries()) + " records",
          "it at " + Fault.number(end.end()));
    }
  }

  /** Members that share bytes make an archive yield more than it holds; no writer makes them. */
  private void checkApart() throws CorruptImage {
    ZipEntry[] ordered = entries.toArray(ZipEntry[]::new);
    Arrays.sort(ordered, Comparator.comparingLong(ZipEntry::localHeaderOffset));
    starts = new long[ordered.length + 1];
    starts[ordered.length] = end.offset();
    for (int i = ordered.length - 1; i >= 0; i--) {
      ZipEntry entry = ordered[i];
      starts[i] = entry.localHeaderOffset();
      long room = starts[i + 1] - starts[i];
      if (starts[i] < 0 || room < LEAST_HEADER || entry.compressedSize() > room - LEAST_HEADER) {
        throw new CorruptImage(
            source.describe(),
            ZipEntry.NAME,
            starts[i],
            entry.member().shown() + " of " + Fault.number(entry.compressedSize()) + " bytes there",
            "members that neither overlap nor reach into the central directory");
      }
    }
  }

  @Override
  public String source() {
    return source.describe();
  }

  @Override
  public List<Member> members() {
    return members.view();
  }

  @Override
  public Content.Bytes bytes(Member member) throws IOException {
    ZipEntry entry = entries.get(member.index());
    var tape = new Tape.Whole(source, entry.localHeaderOffset(), end.offset());
    ZipLocalHeader header = ZipLocalHeader.read(tape);
    header.checkAgainst(entry, source.describe());
    long next = starts[Arrays.binarySearch(starts, entry.localHeaderOffset()) + 1];
    if (entry.compressedSize() > next - tape.position()) {
      throw new CorruptImage(
          source.describe(),
          ZipLocalHeader.NAME,
          header.offset(),
          member.shown() + " of " + Fault.number(entry.compressedSize()) + " bytes",
          "data that ends where the next member starts");
    }
    ByteSource data = source.slice(member.name(), tape.position(), entry.compressedSize());
    ZipMethod method = ZipMethod.of(header, source.describe());
    if (method == ZipMethod.STORED) {
      checkStored(entry);
      return new Content.Whole(data);
    }
    var packed = new ForwardSource(source.describe(), ForwardSource.of(data).asStream());
    var content = new ZipContent(packed, member.name(), method, entry.stated());
    return new Content.Passing(new ForwardSource(data.describe(), content));
  }

  private void checkStored(ZipEntry entry) throws CorruptImage {
    if (entry.compressedSize() != entry.member().size()) {
      throw new CorruptImage(
          source.describe(),
          ZipEntry.NAME,
          entry.localHeaderOffset(),
          Fault.number(entry.compressedSize()) + " bytes stored",
          Fault.number(entry.member().size()) + ", the size of the content");
    }
  }

  @Override
  public List<Promise> promises(Member member) {
    ZipEntry entry = entries.get(member.index());
    return List.of(new Promise(Digest.CRC32, Digester.crc32(entry.crc32()), "the archive"));
  }
}
