package io.diskwright.source.archive;

import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the disk in an archive that is read once: the first member that can be it. Whether it is,
 * {@link Selection} says when the whole archive has passed.
 */
final class PassingSearch {

  private final PassingArchive archive;
  private final PassingCatalogue catalogue;
  private final Path path;
  private final OptionalInt number;
  private @Nullable Member descriptor;
  private Ovf.@Nullable Chosen wanted;
  private @Nullable Set<Digest> stated;
  private int disks;

  /**
   * @param path the archive's
   * @param number which disk, from 1 on, if the user said so
   */
  PassingSearch(PassingArchive archive, Path path, OptionalInt number) {
    this.archive = archive;
    this.catalogue = new PassingCatalogue(archive);
    this.path = path;
    this.number = number;
  }

  /** A member that can be the disk, and its content. */
  record Found(Member member, InputStream content) {}

  /** The first member that can be the disk. */
  Found find() throws IOException {
    for (Member member = archive.next(); member != null; member = archive.next()) {
      InputStream content = pass(member);
      if (canBeDisk(member)) {
        Selection.requireSound(catalogue, member);
        return new Found(member, content != null ? content : archive.data());
      }
    }
    Choice choice = choose();
    throw new UnsupportedFeature(
        archive.source(),
        "archive",
        choice.first().at(),
        "a disk " + choice.first().shown() + " that only its end shows to be the disk",
        "the disk's usual suffix, or an OVF descriptor before it",
        "Save the archive as a file and name that");
  }

  /**
   * Lets a member pass, and keeps it if it says something about others.
   *
   * @return its content from the start if that was begun
   */
  @Nullable InputStream pass(Member member) throws IOException {
    if (!member.isFile()) {
      return null;
    }
    if (Ovf.isDescriptor(member)) {
      catalogue.keep(member, archive.data(), OvfParser.MAX_SIZE);
      if (descriptor == null) {
        descriptor = member;
        wanted = new OvfSelection(catalogue, member).wanted(number);
      }
      return null;
    }
    if (Manifest.isManifest(member)) {
      catalogue.keep(member, archive.data(), Manifest.MAX_SIZE);
      return null;
    }
    return descriptor == null && PlainSelection.mayBeDescriptor(member)
        ? catalogue.keepIfSmall(member, archive.data())
        : null;
  }

  private boolean canBeDisk(Member member) throws IOException {
    if (descriptor == null) {
      return !Selection.isOva(path) && PlainSelection.isDisk(member) && ++disks == number.orElse(1);
    }
    return chunkBase(member, 0) != null || isNamed(member);
  }

  private boolean isNamed(Member member) throws IOException {
    for (String name : names()) {
      if (member.name().equals(folder() + name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The name of the disk of which a member is a chunk.
   *
   * @return null when it is not the chunk of that number
   */
  @Nullable String chunkBase(Member member, long chunk) throws IOException {
    if (wanted == null || wanted.file().chunkSize().isEmpty()) {
      return null;
    }
    for (String name : names()) {
      if (member.name().equals(folder() + OvfFile.chunk(name, chunk))) {
        return name;
      }
    }
    return null;
  }

  private List<String> names() throws IOException {
    return wanted == null ? List.of() : wanted.file().names();
  }

  private String folder() {
    return descriptor == null ? "" : descriptor.folder();
  }

  /** Whether a descriptor has passed. */
  boolean hasDescriptor() {
    return descriptor != null;
  }

  /** The capacity that the descriptor states. */
  OptionalLong capacity() throws IOException {
    return wanted == null ? OptionalLong.empty() : wanted.disk().bytes();
  }

  /**
   * The digests that a manifest may state: those that it does state if it has passed, else all that
   * one can, for it may follow the disk.
   */
  Set<Digest> digests() throws IOException {
    Member ovf = descriptor;
    if (ovf == null) {
      return Set.of();
    }
    if (stated != null) {
      return stated;
    }
    for (Member member : catalogue.members()) {
      if (Manifest.isManifest(member)
          && member.folder().equals(ovf.folder())
          && Manifest.isNamedLike(member, ovf)) {
        byte[] content = catalogue.content(member, Manifest.MAX_SIZE);
        stated = Manifest.parse(archive.source(), member, content).digests();
        return stated;
      }
    }
    return EnumSet.of(Digest.SHA1, Digest.SHA256, Digest.SHA512);
  }

  /** The disk, as the archive now says. */
  Choice choose() throws IOException {
    return Selection.choose(catalogue, path, number);
  }
}
