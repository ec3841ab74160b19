package io.diskwright.source.archive;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is kept of an archive that is read once: its list, and the small files that say something.
 */
final class PassingCatalogue implements Catalogue {

  /** Bytes that are kept of all of them. */
  private static final int MAX_KEPT = 24 << 20;

  private final PassingArchive archive;
  private final Map<Long, byte[]> kept = new HashMap<>();
  private int size;

  PassingCatalogue(PassingArchive archive) {
    this.archive = archive;
  }

  @Override
  public String source() {
    return archive.source();
  }

  @Override
  public List<Member> members() {
    return archive.members();
  }

  /**
   * Keeps a descriptor or a manifest.
   *
   * @param limit bytes it may have
   */
  void keep(Member member, InputStream content, int limit) throws IOException {
    byte[] bytes = content.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw tooLarge(member, "more than " + Fault.number(limit) + " bytes", "up to that");
    }
    put(member, bytes);
  }

  /**
   * Keeps what may be a VMDK's text descriptor, if it is small enough to be one.
   *
   * @return the content again from its start
   */
  InputStream keepIfSmall(Member member, InputStream content) throws IOException {
    byte[] bytes = content.readNBytes(PlainSelection.MAX_DESCRIPTOR + 1);
    var start = new ByteArrayInputStream(bytes);
    if (bytes.length > PlainSelection.MAX_DESCRIPTOR) {
      return new SequenceInputStream(start, content);
    }
    put(member, bytes);
    return start;
  }

  private void put(Member member, byte[] bytes) throws LimitExceeded {
    if (bytes.length > MAX_KEPT - size) {
      throw tooLarge(member, "descriptors of more than 24 MiB", "up to 24 MiB of them");
    }
    size += bytes.length;
    kept.put(member.at(), bytes);
  }

  private LimitExceeded tooLarge(Member member, String found, String allowed) {
    return new LimitExceeded(source(), member.shown(), member.at(), found, allowed);
  }

  @Override
  public byte[] content(Member member, int limit) throws IOException {
    byte[] bytes = kept.get(member.at());
    if (bytes == null || bytes.length > limit) {
      throw new CorruptImage(
          source(),
          member.shown(),
          member.at(),
          "another file than the one that passed there",
          "the same");
    }
    return bytes;
  }
}
