package io.diskwright.format.vhdx;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The image that a differencing image is laid over.
 *
 * @param file how reports name it
 */
record Parent(VhdxImage image, ExternalFile file) {

  private static final String ROLE = "parent";

  /**
   * Opens the parent: by its relative path, then by the name that each path ends in, beside the
   * image, since Windows' other paths mean nothing here.
   *
   * @throws UnsafeReference when it is not found or may not be opened
   * @throws CorruptImage when it is another image, or has been changed since
   */
  static Parent open(ParentLocator locator, Metadata metadata, OpenContext context)
      throws IOException {
    UnsafeReference refusal = null;
    for (Map.Entry<String, Long> name : names(locator).entrySet()) {
      try {
        Referenced<DiskImage> found =
            context.openImage(ROLE, name.getKey(), name.getValue(), Optional.of(VhdxFormat.NAME));
        return checked(found, locator, metadata, context.file().toString());
      } catch (UnsafeReference e) {
        refusal = first(refusal, e, context);
      }
    }
    throw Objects.requireNonNull(refusal); // a locator has at least one path
  }

  /** Keeps the first refusal of a name; what a parent says about its own parent is final. */
  private static UnsafeReference first(
      @Nullable UnsafeReference before, UnsafeReference now, OpenContext context)
      throws UnsafeReference {
    if (!now.fault().source().equals(context.file().toString())) {
      throw now;
    }
    return before == null ? now : before;
  }

  /** Names to try, each with the place where it stands. */
  private static Map<String, Long> names(ParentLocator locator) {
    var names = new LinkedHashMap<String, Long>();
    ParentLocator.Value relative = locator.paths().get(ParentLocator.RELATIVE_PATH);
    if (relative != null) {
      names.put(relative.text().replace('\\', '/'), relative.offset());
    }
    for (ParentLocator.Value path : locator.paths().values()) {
      String slashed = path.text().replace('\\', '/');
      names.putIfAbsent(slashed.substring(slashed.lastIndexOf('/') + 1), path.offset());
    }
    return names;
  }

  private static Parent checked(
      Referenced<DiskImage> found, ParentLocator locator, Metadata metadata, String child)
      throws IOException {
    try {
      if (!(found.opened() instanceof VhdxImage image)) {
        throw new UnsupportedFeature(
            child,
            ROLE,
            locator.offset(),
            found.opened().describe() + ", a " + found.opened().info().format() + " image",
            "a VHDX image");
      }
      checkLinkage(image, locator, child);
      if (image.logicalSectorSize() != metadata.logicalSectorSize()) {
        throw new CorruptImage(
            child,
            "LogicalSectorSize",
            Fault.NOWHERE,
            metadata.logicalSectorSize()
                + ", over "
                + image.describe()
                + " with "
                + image.logicalSectorSize(),
            "the parent's");
      }
      return new Parent(image, found.file());
    } catch (IOException | RuntimeException e) {
      found.opened().close();
      throw e;
    }
  }

  private static void checkLinkage(VhdxImage image, ParentLocator locator, String child)
      throws CorruptImage {
    if (!locator.linkages().contains(image.dataWriteGuid())) {
      throw new CorruptImage(
          child,
          "parent_linkage",
          locator.offset(),
          String.join(" or ", locator.linkages().stream().map(Guid::text).toList())
              + ", while "
              + image.describe()
              + " has the DataWriteGuid "
              + Guid.text(image.dataWriteGuid()),
          "the parent's DataWriteGuid",
          "The parent was changed after the child was made, or is another disk; put the right one"
              + " at its place");
    }
  }
}
