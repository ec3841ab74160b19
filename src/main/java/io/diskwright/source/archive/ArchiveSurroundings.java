package io.diskwright.source.archive;

import io.diskwright.io.UnsafeReference;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import io.diskwright.source.Spool;
import io.diskwright.source.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The members beside a disk in its archive. Nothing outside of the archive can be named from in it.
 */
final class ArchiveSurroundings implements Surroundings {

  private final Archive archive;
  private final Path path;
  private final String folder;
  private final OpenOptions options;

  /**
   * @param path the archive's
   * @param folder of the disk in it
   */
  ArchiveSurroundings(Archive archive, Path path, String folder, OpenOptions options) {
    this.archive = archive;
    this.path = path;
    this.folder = folder;
    this.options = options;
  }

  @Override
  public Neighbour open(Path referrer, String role, String name, long offset) throws IOException {
    if (options.references().denied()) {
      options.references().resolve(path, referrer, role, name, offset); // throws
    }
    List<Member> found =
        archive.members().stream()
            .filter(m -> m.name().equals(folder + name) && m.plainName().equals(name))
            .toList();
    if (found.size() != 1 || !found.getFirst().isFile()) {
      throw refused(referrer, role, name, offset, found);
    }
    Member member = found.getFirst();
    Path known = Member.path(path, member.fileName());
    return switch (archive.bytes(member)) {
      case Content.Whole whole -> new Neighbour(whole.source(), known);
      case Content.Passing packed ->
          new Neighbour(
              Spool.spool(
                  packed.source(),
                  options,
                  "the " + role + " of an image is read at many places, and is packed"),
              known);
    };
  }

  private static UnsafeReference refused(
      Path referrer, String role, String name, long offset, List<Member> found) {
    return new UnsafeReference(
        referrer.toString(),
        role,
        offset,
        Member.shown(name)
            + switch (found.size()) {
              case 0 -> "";
              case 1 -> ", a " + found.getFirst().kind().words();
              default -> ", which is there " + found.size() + " times";
            },
        "the plain name of a file beside it in its archive",
        "Unpack the archive and name the image in it");
  }

  /** The plain names of the files in the disk's folder of the archive. */
  @Override
  public List<String> names(Path referrer) {
    return options.references().denied()
        ? List.of()
        : archive.members().stream()
            .filter(m -> m.isFile() && m.folder().equals(folder))
            .map(Member::plainName)
            .distinct()
            .toList();
  }

  /** Those of a disk whose archive is read once: nothing can be named. */
  static Surroundings none() {
    return new Surroundings() {
      @Override
      public Neighbour open(Path referrer, String role, String name, long offset)
          throws IOException {
        throw new UnsafeReference(
            referrer.toString(),
            role,
            offset,
            Member.shown(name),
            "no other file, since the archive is read once and in order",
            "Save the archive as a file and name that");
      }

      @Override
      public List<String> names(Path referrer) {
        return List.of();
      }
    };
  }
}
