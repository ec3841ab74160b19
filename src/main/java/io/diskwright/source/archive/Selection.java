package io.diskwright.source.archive;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Picks the disk in an archive: as its OVF descriptor says, else by the members' names. */
final class Selection {

  private Selection() {}

  /**
   * Picks.
   *
   * @param path the archive's
   * @param number which disk, from 1 on, if the user said so
   * @throws AmbiguousImage when there is a choice and no number
   * @throws CorruptImage when there is no disk, or the archive contradicts its descriptor
   */
  static Choice choose(Catalogue catalogue, Path path, OptionalInt number) throws IOException {
    List<Member> descriptors = catalogue.members().stream().filter(Ovf::isDescriptor).toList();
    if (descriptors.size() > 1) {
      throw new AmbiguousImage(
          catalogue.source(),
          "archive",
          Fault.NOWHERE,
          "several OVF descriptors: " + MemberList.listing(descriptors),
          "one",
          "Export one machine at a time");
    }
    if (descriptors.isEmpty()) {
      refuseOvaWithout(catalogue, path);
      return PlainSelection.choose(catalogue, number);
    }
    Member ovf = descriptors.getFirst();
    requireFile(catalogue, ovf);
    return new OvfSelection(catalogue, ovf).choose(number);
  }

  private static void refuseOvaWithout(Catalogue catalogue, Path path) throws CorruptImage {
    if (isOva(path)) {
      throw new CorruptImage(
          catalogue.source(),
          "OVA",
          Fault.NOWHERE,
          "no OVF descriptor among " + MemberList.listing(catalogue.members()),
          "a member *.ovf",
          "Export it again; if it is a plain archive with a disk in it, name it .tar");
    }
  }

  /** Whether an archive's name promises a descriptor in it. */
  static boolean isOva(Path path) {
    Path name = path.getFileName();
    return name != null && name.toString().toLowerCase(Locale.ROOT).endsWith(".ova");
  }

  /** Refuses a link, a device or a folder where content is needed. */
  static void requireFile(Catalogue catalogue, Member member) throws UnsupportedFeature {
    if (!member.isFile()) {
      throw new UnsupportedFeature(
          catalogue.source(),
          member.shown(),
          member.at(),
          "a " + member.kind().words(),
          "a regular file",
          "Pack the file itself");
    }
  }

  /**
   * Refuses a disk whose name has no other one's meaning: it leads elsewhere, or is there twice.
   */
  static void requireSound(Catalogue catalogue, Member member) throws IOException {
    requireFile(catalogue, member);
    if (!member.isInside()) {
      throw new UnsafeReference(
          catalogue.source(),
          "member name",
          member.at(),
          member.shown(),
          "a relative name without ..",
          "Pack the disk again under a plain name");
    }
    long same = catalogue.members().stream().filter(m -> m.name().equals(member.name())).count();
    if (same > 1) {
      throw new AmbiguousImage(
          catalogue.source(),
          "archive",
          member.at(),
          same + " members named " + member.shown(),
          "one",
          "Pack the disk again into a new archive");
    }
  }
}
