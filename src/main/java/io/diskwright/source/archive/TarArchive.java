package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import io.diskwright.source.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tar archive in a file. All its headers are read when it is opened. */
final class TarArchive implements Archive {

  private final ByteSource source;
  private final MemberList members;
  private final List<Data> data = new ArrayList<>();

  /** Where a member's stored data lies. */
  private record Data(long offset, long length, @Nullable SparseMap map) {}

  private TarArchive(ByteSource source) {
    this.source = source;
    this.members = new MemberList(source.describe());
  }

  static TarArchive read(ByteSource source) throws IOException {
    var archive = new TarArchive(source);
    var tape = new Tape.Whole(source, 0, source.size());
    var reader = new TarReader(tape);
    for (TarReader.Entry e = reader.next(); e != null; e = reader.next()) {
      archive.members.add(e.member());
      archive.data.add(new Data(tape.position(), e.stored(), e.map().orElse(null)));
    }
    return archive;
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
    Data place = data.get(member.index());
    ByteSource stored = source.slice(member.name(), place.offset(), place.length());
    SparseMap map = place.map();
    return new Content.Whole(
        map == null ? stored : new SparseSource(stored.describe(), stored, map));
  }

  @Override
  public List<Promise> promises(Member member) {
    return List.of();
  }
}
