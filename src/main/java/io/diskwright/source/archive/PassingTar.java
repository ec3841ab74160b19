package io.diskwright.source.archive;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tar archive that is read once. */
final class PassingTar implements PassingArchive {

  private final ForwardSource archive;
  private final TarReader reader;
  private final MemberList members;
  private TarReader.@Nullable Entry current;

  /**
   * @param archive closed with this
   */
  PassingTar(ForwardSource archive) {
    this.archive = archive;
    this.reader = new TarReader(new Tape.Passing(archive));
    this.members = new MemberList(archive.describe());
  }

  @Override
  public String source() {
    return archive.describe();
  }

  @Override
  public @Nullable Member next() throws IOException {
    TarReader.Entry entry = reader.next();
    current = entry;
    if (entry == null) {
      drain();
      return null;
    }
    members.add(entry.member());
    return entry.member();
  }

  /** What wraps the archive may only at its own end tell whether all was well. */
  private void drain() throws IOException {
    ByteBuffer scrap = ByteBuffer.allocate(ForwardSource.MAX_PEEK);
    while (archive.read(scrap.clear()) > 0) {
      scrap.clear();
    }
  }

  @Override
  public InputStream data() {
    TarReader.Entry entry = current;
    if (entry == null) {
      throw new IllegalStateException("no member");
    }
    return new Data(archive, entry);
  }

  @Override
  public List<Member> members() {
    return members.view();
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }

  /** A member's content, with the zeros of a sparse one. */
  private static final class Data extends BulkStream {

    private final ForwardSource archive;
    private final TarReader.Entry entry;
    private long position;

    Data(ForwardSource archive, TarReader.Entry entry) {
      this.archive = archive;
      this.entry = entry;
    }

    @Override
    public int read(byte[] target, int at, int length) throws IOException {
      long left = entry.member().size() - position;
      if (left == 0 || length == 0) {
        return length == 0 ? 0 : -1;
      }
      var whole = new SparseMap.Stretch(left, position);
      SparseMap.Stretch stretch = entry.map().map(m -> m.at(position)).orElse(whole);
      int count = (int) Math.min(length, stretch.length());
      if (stretch.place() == SparseMap.Stretch.ZERO) {
        Arrays.fill(target, at, at + count, (byte) 0);
      } else if (archive.read(ByteBuffer.wrap(target, at, count)) < count) {
        throw new CorruptImage(
            archive.describe(),
            "tar member " + entry.member().shown(),
            archive.position(),
            "the end of the archive",
            Fault.number(left) + " more bytes",
            "The archive is truncated; copy or download it again");
      }
      position += count;
      return count;
    }
  }
}
