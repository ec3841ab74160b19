package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.OwningSource;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The disk of an archive that lies in a file. */
final class ArchiveContent {

  private final Archive archive;
  private final Choice choice;
  private final Closeable file;
  private final List<ByteSource> whole = new ArrayList<>();
  private final List<PromiseCheck.Part> checked = new ArrayList<>();
  private final List<InputStream> streams = new ArrayList<>();

  private ArchiveContent(Archive archive, Choice choice, Closeable file) {
    this.archive = archive;
    this.choice = choice;
    this.file = file;
  }

  /**
   * Makes a disk's bytes of its members.
   *
   * @param file closed with the content
   * @param path the archive's
   */
  static Content open(
      Archive archive, Choice choice, Closeable file, Path path, String layer, OpenOptions options)
      throws IOException {
    var content = new ArchiveContent(archive, choice, file);
    for (Member part : choice.parts()) {
      content.add(part);
    }
    boolean random = content.whole.size() == choice.parts().size();
    var wrapping =
        new Content.Wrapping(
            List.of(layer),
            choice.capacity(),
            random && !content.checked.isEmpty()
                ? new PromiseCheck(List.copyOf(content.checked))
                : Content.Check.NONE);
    return new Content(
        Member.path(path, choice.name()),
        random ? content.random() : content.passing(),
        new ArchiveSurroundings(archive, path, choice.first().folder(), options),
        wrapping);
  }

  private void add(Member part) throws IOException {
    var promises = new ArrayList<Promise>(choice.promises().getOrDefault(part, List.of()));
    switch (archive.bytes(part)) {
      case Content.Whole bytes -> {
        promises.addAll(archive.promises(part));
        ByteSource source = bytes.source();
        whole.add(source);
        if (!promises.isEmpty()) {
          checked.add(new PromiseCheck.Part(source, promises));
        }
        streams.add(
            new CheckedStream(ForwardSource.of(source).asStream(), source.describe(), promises));
      }
      case Content.Passing bytes -> {
        String name = bytes.source().describe();
        streams.add(new CheckedStream(bytes.source().asStream(), name, promises));
      }
    }
  }

  private Content.Bytes random() {
    ByteSource bytes =
        whole.size() == 1 ? whole.getFirst() : new JoinedSource(name(), List.copyOf(whole));
    return new Content.Whole(new OwningSource(bytes, file));
  }

  private Content.Bytes passing() {
    var joined = new SequenceInputStream(Collections.enumeration(streams));
    var owning =
        new FilterInputStream(joined) {
          @Override
          public void close() throws IOException {
            file.close();
          }
        };
    return new Content.Passing(new ForwardSource(name(), owning));
  }

  private String name() {
    return archive.source() + "[" + choice.name() + "]";
  }
}
