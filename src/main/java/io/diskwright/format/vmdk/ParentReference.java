package io.diskwright.format.vmdk;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsafeReference;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The disk that a delta was made on, as the delta knows it.
 *
 * @param contentId its CID when the delta was made
 * @param contentIdAt where that stands in the descriptor's file, in bytes
 * @param name its descriptor's file, decoded; a path of the machine the delta was made on
 * @param nameAt where that stands, in bytes
 */
record ParentReference(ContentId contentId, long contentIdAt, String name, long nameAt) {

  private static final String ROLE = "parent";

  /**
   * Opens the parent: where the delta says it is, or, since disks travel without their folders,
   * beside the delta under the same name. The CID tells whether it is the right one.
   *
   * @return the caller closes it
   */
  Referenced<DiskImage> open(OpenContext context, Neighbours neighbours) throws IOException {
    Referenced<DiskImage> parent = find(context, neighbours);
    try {
      requireUnchanged(context.file().toString(), parent.opened());
    } catch (IOException | RuntimeException e) {
      try {
        parent.opened().close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
    return parent;
  }

  private Referenced<DiskImage> find(OpenContext context, Neighbours neighbours)
      throws IOException {
    String own = context.file().toString();
    try {
      return context.openImage(ROLE, name, nameAt, Optional.of("vmdk"));
    } catch (UnsafeReference e) {
      if (!isAbout(e, own)) {
        throw e;
      }
      for (String other : othersToTry(neighbours)) {
        try {
          return context.openImage(ROLE, other, nameAt, Optional.of("vmdk"));
        } catch (UnsafeReference again) {
          if (!isAbout(again, own)) {
            throw again;
          }
          e.addSuppressed(again);
        }
      }
      throw e;
    }
  }

  /** Whether this reference is refused, and not one that the parent makes in turn. */
  private static boolean isAbout(UnsafeReference refusal, String own) {
    return refusal.fault().source().equals(own) && refusal.fault().structure().equals(ROLE);
  }

  private Set<String> othersToTry(Neighbours neighbours) throws IOException {
    var others = new LinkedHashSet<String>();
    if (!name.contains("://")) {
      String plain = Neighbours.plainName(name);
      if (!plain.isEmpty()) {
        others.add(plain);
        neighbours.otherCase(plain).ifPresent(others::add);
        others.remove(name);
      }
    }
    return others;
  }

  private void requireUnchanged(String own, DiskImage parent) throws CorruptImage {
    Optional<ContentId> found =
        parent instanceof VmdkImage image ? image.contentId() : Optional.empty();
    if (found.isEmpty() || !found.get().equals(contentId)) {
      throw new CorruptImage(
          own,
          "descriptor parentCID",
          contentIdAt,
          contentId
              + ", but the parent "
              + Fault.printable(parent.describe())
              + found.map(id -> " has the CID " + id).orElse(" has no CID"),
          "the CID of the parent",
          "The parent is another disk, or was changed after the snapshot was taken: bring the one"
              + " the delta was made on. Only if nothing but the CID line was changed, set the"
              + " parent's CID back");
    }
  }
}
