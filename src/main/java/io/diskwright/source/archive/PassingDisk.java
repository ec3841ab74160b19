package io.diskwright.source.archive;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The disk of an archive that is read once. Behind its last byte the rest of the archive is read,
 * and only then does it end: if this was the disk, and everything is as a manifest says.
 */
final class PassingDisk extends BulkStream {

  /** Files besides the disk whose digests are remembered until the manifest comes. */
  private static final int MAX_REMEMBERED = 1000;

  private final PassingArchive archive;
  private final PassingSearch search;
  private final List<Member> parts = new ArrayList<>();
  private final Map<Long, Map<Digest, String>> digests = new HashMap<>();
  private InputStream content;
  private Digester digester;
  private boolean ended;

  private PassingDisk(PassingArchive archive, PassingSearch search, PassingSearch.Found found)
      throws IOException {
    this.archive = archive;
    this.search = search;
    this.content = found.content();
    this.digester = new Digester(search.digests());
    parts.add(found.member());
  }

  /**
   * Finds the disk.
   *
   * @param archive closed with the content
   * @param path the archive's
   * @param layer what reports call the archive, with an OVF descriptor and without
   */
  static Content open(
      PassingArchive archive, Path path, OpenOptions options, Function<Boolean, String> layer)
      throws IOException {
    var search = new PassingSearch(archive, path, options.disk());
    PassingSearch.Found found = search.find();
    String name = found.member().fileName();
    if (search.chunkBase(found.member(), 0) != null) {
      name = name.substring(0, name.lastIndexOf('.'));
    }
    var disk = new PassingDisk(archive, search, found);
    return new Content(
        Member.path(path, name),
        new Content.Passing(new ForwardSource(archive.source() + "[" + name + "]", disk)),
        ArchiveSurroundings.none(),
        new Content.Wrapping(
            List.of(layer.apply(search.hasDescriptor())), search.capacity(), Content.Check.NONE));
  }

  @Override
  public int read(byte[] target, int at, int length) throws IOException {
    while (!ended && length > 0) {
      int count = content.read(target, at, length);
      if (count > 0) {
        digester.update(target, at, count);
        return count;
      }
      digests.put(parts.getLast().at(), digester.finish());
      Member next = archive.next();
      if (next != null && search.chunkBase(next, parts.size()) != null) {
        parts.add(next);
        content = archive.data();
        digester = new Digester(search.digests());
      } else {
        finish(next);
        ended = true;
      }
    }
    return length == 0 ? 0 : -1;
  }

  private void finish(@Nullable Member next) throws IOException {
    boolean described = search.hasDescriptor();
    for (Member member = next; member != null; member = archive.next()) {
      search.pass(member);
      if (described && digests.size() < MAX_REMEMBERED && isPlainFile(member)) {
        digest(member);
      }
    }
    Choice choice = search.choose();
    if (choice.ovf() != described) {
      throw unordered("an OVF descriptor behind the disk", "it before the disk");
    }
    if (!at(choice.parts()).equals(at(parts))) {
      throw new AmbiguousImage(
          archive.source(),
          "archive",
          parts.getFirst().at(),
          parts.getFirst().shown() + " where " + choice.first().shown() + " is the disk",
          "the disk before what could be one",
          "Save the archive as a file and name that");
    }
    for (var promised : choice.promises().entrySet()) {
      Map<Digest, String> found = digests.get(promised.getKey().at());
      if (found != null) {
        verify(promised.getKey(), promised.getValue(), found);
      }
    }
  }

  private void verify(Member member, List<Promise> promises, Map<Digest, String> found)
      throws IOException {
    for (Promise promise : promises) {
      promise.verify(found, archive.source() + "[" + member.name() + "]");
    }
  }

  private static List<Long> at(List<Member> members) {
    return members.stream().map(Member::at).toList();
  }

  private UnsupportedFeature unordered(String found, String allowed) {
    return new UnsupportedFeature(
        archive.source(),
        "OVA",
        Fault.NOWHERE,
        found,
        allowed,
        "Save the archive as a file and name that");
  }

  /** Whether it is a file that is not kept in memory anyway. */
  private static boolean isPlainFile(Member member) {
    return member.isFile() && !Ovf.isDescriptor(member) && !Manifest.isManifest(member);
  }

  private void digest(Member member) throws IOException {
    InputStream stream;
    try {
      stream = archive.data();
    } catch (UnsupportedFeature e) {
      return; // that nobody can read it is no harm to the disk
    }
    var others = new Digester(search.digests());
    byte[] buffer = new byte[ForwardSource.MAX_PEEK];
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      others.update(buffer, 0, count);
    }
    digests.put(member.at(), others.finish());
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
