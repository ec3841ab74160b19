package io.diskwright.source.archive;

import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.source.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** An archive that lies in a file. Its bytes are the caller's to close. Safe for any thread. */
interface Archive extends Catalogue {

  /**
   * The content of a file: {@link Content.Whole} where it is stored as it is, else {@link
   * Content.Passing}. Closing it leaves the archive open.
   *
   * @throws io.diskwright.io.UnsupportedFeature when it is packed in a way that is not read
   */
  Content.Bytes bytes(Member member) throws IOException;

  /** What the archive promises about {@link Content.Whole} bytes, which reading does not verify. */
  List<Promise> promises(Member member);

  @Override
  default byte[] content(Member member, int limit) throws IOException {
    if (member.size() > limit) {
      throw new LimitExceeded(
          source(),
          Member.shown(member.name()),
          member.at(),
          Fault.number(member.size()) + " bytes",
          "up to " + Fault.number(limit));
    }
    ByteBuffer content = ByteBuffer.allocate((int) member.size());
    switch (bytes(member)) {
      case Content.Whole whole -> {
        whole.source().read(0, content);
        var digester = new Digester(PromiseCheck.digests(promises(member)));
        digester.update(content.array(), 0, content.capacity());
        PromiseCheck.verify(promises(member), digester, whole.source().describe());
      }
      // Of the size that is stated, or it would have thrown; only at the end is it known.
      case Content.Passing passing -> {
        try (passing) {
          passing.source().read(content);
          passing.source().read(ByteBuffer.allocate(1));
        }
      }
    }
    return content.array();
  }
}
