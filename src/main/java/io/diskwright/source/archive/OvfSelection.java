package io.diskwright.source.archive;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Picks the disk that an OVF descriptor names, among the members beside it. */
final class OvfSelection {

  private final Catalogue catalogue;
  private final Member descriptor;

  OvfSelection(Catalogue catalogue, Member descriptor) {
    this.catalogue = catalogue;
    this.descriptor = descriptor;
  }

  /** The disk that the descriptor alone says is to be read, wherever it lies. */
  Ovf.Chosen wanted(OptionalInt number) throws IOException {
    String source = catalogue.source() + "[" + descriptor.name() + "]";
    byte[] content = catalogue.content(descriptor, OvfParser.MAX_SIZE);
    return OvfParser.parse(source, content).choose(number);
  }

  /** The same as a choice among all members, checked against the manifest as far as that goes. */
  Choice choose(OptionalInt number) throws IOException {
    Ovf.Chosen wanted = wanted(number);
    Located located = locate(wanted.file());
    for (Member part : located.parts()) {
      Selection.requireSound(catalogue, part);
    }
    wanted.file().checkSize(located.parts());
    return new Choice(located.name(), located.parts(), wanted.disk().bytes(), true, promises());
  }

  private record Located(String name, List<Member> parts) {}

  private Located locate(OvfFile file) throws IOException {
    var found = new ArrayList<Located>();
    for (String name : file.names()) {
      List<Member> chunks = file.chunkSize().isPresent() ? chunks(name) : List.of();
      if (!chunks.isEmpty()) {
        found.add(new Located(chunks.getFirst().fileName().replaceFirst("\\.\\d+$", ""), chunks));
      }
      // A member of that name twice is found once here, and refused when it is looked at.
      named(name).findFirst().ifPresent(m -> found.add(new Located(m.fileName(), List.of(m))));
    }
    if (found.size() > 1) {
      throw new AmbiguousImage(
          file.source(),
          "OVF File href",
          Fault.NOWHERE,
          found.size() + " members that " + Member.shown(file.href()) + " may mean",
          "one",
          "Remove the others from the archive");
    }
    if (found.isEmpty()) {
      throw missing(file, file.names().getFirst());
    }
    return found.getFirst();
  }

  private Stream<Member> named(String name) {
    return catalogue.members().stream().filter(m -> m.name().equals(descriptor.folder() + name));
  }

  private List<Member> chunks(String name) throws IOException {
    String prefix = descriptor.folder() + name + ".";
    List<Member> cut =
        catalogue.members().stream()
            .filter(m -> m.name().startsWith(prefix))
            .filter(m -> m.name().substring(prefix.length()).matches("\\d{9}"))
            .toList();
    Map<String, Member> byName =
        cut.stream().collect(Collectors.toMap(Member::name, Function.identity(), (a, b) -> a));
    var result = new ArrayList<Member>();
    for (int i = 0; i < byName.size(); i++) {
      Member chunk = byName.get(descriptor.folder() + OvfFile.chunk(name, i));
      if (chunk == null) {
        throw new CorruptImage(
            catalogue.source(),
            "OVF File chunkSize",
            Fault.NOWHERE,
            "no member " + Member.shown(OvfFile.chunk(name, i)) + ", but later ones",
            "all chunks",
            "The archive is incomplete; download or export it again");
      }
      result.add(chunk);
    }
    return result;
  }

  private CorruptImage missing(OvfFile file, String name) {
    Optional<Member> other =
        catalogue.members().stream()
            .filter(m -> m.name().equalsIgnoreCase(descriptor.folder() + name))
            .findFirst();
    return new CorruptImage(
        file.source(),
        "OVF File href",
        Fault.NOWHERE,
        Member.shown(name)
            + ", which is not in the archive"
            + other.map(m -> "; " + m.shown() + " is").orElse(""),
        MemberList.listing(catalogue.members()),
        "The archive is incomplete; download or export it again");
  }

  /** What the manifest says about each member; the descriptor is checked at once. */
  private Map<Member, List<Promise>> promises() throws IOException {
    Optional<Member> found = Manifest.find(catalogue, descriptor);
    if (found.isEmpty()) {
      return Map.of();
    }
    Member file = found.get();
    Manifest manifest =
        Manifest.parse(catalogue.source(), file, catalogue.content(file, Manifest.MAX_SIZE));
    Map<Member, List<Promise>> promises = manifest.promises(file.folder(), catalogue.members());
    verifyDescriptor(promises.getOrDefault(descriptor, List.of()));
    return promises;
  }

  private void verifyDescriptor(List<Promise> promises) throws IOException {
    var digester = new Digester(PromiseCheck.digests(promises));
    byte[] content = catalogue.content(descriptor, OvfParser.MAX_SIZE);
    digester.update(content, 0, content.length);
    PromiseCheck.verify(promises, digester, catalogue.source() + "[" + descriptor.name() + "]");
  }
}
