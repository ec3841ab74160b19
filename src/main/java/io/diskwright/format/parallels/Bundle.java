package io.diskwright.format.parallels;

import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.ByteSource;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsafeReference;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folder that an image lies in together with the images it needs. Nothing in an image tells
 * whether it is the whole disk or what changed since a snapshot; the bundle's descriptor does.
 */
final class Bundle {

  private static final String ROLE = "disk descriptor";

  /** How images of a bundle are called: {@code disk.hdd.0.{5fbaabe3-…}.hds}. */
  private static final Pattern MEMBER = Pattern.compile(".*\\.\\{[0-9A-Fa-f-]{36}}(\\.hds)?");

  private Bundle() {}

  /**
   * Refuses an image that is not the whole disk.
   *
   * @throws UnsupportedFeature when the descriptor beside it says so
   * @throws UnsafeReference when it is called as the images of bundles are, and no descriptor that
   *     speaks of it lies beside it
   */
  static void check(ByteSource source, OpenContext context) throws IOException {
    String name = String.valueOf(context.file().getFileName());
    Optional<Referenced<ByteSource>> file = Optional.empty();
    try {
      file = Optional.of(context.openFile(ROLE, DiskDescriptor.NAME, Fault.NOWHERE));
    } catch (UnsafeReference e) {
      if (MEMBER.matcher(name).matches()) {
        throw alone(source, e.fault().found(), e.fault().allowed());
      }
    }
    if (file.isPresent()) {
      try (ByteSource bytes = file.get().opened()) {
        DiskDescriptor descriptor = DiskDescriptor.read(bytes);
        if (descriptor.names(name)) {
          checkWhole(descriptor, bytes.describe());
        } else if (MEMBER.matcher(name).matches()) {
          throw alone(
              source,
              bytes.describe() + ", which does not speak of it",
              "one that lists the image");
        }
      }
    }
  }

  private static void checkWhole(DiskDescriptor descriptor, String source)
      throws UnsupportedFeature {
    if (descriptor.files().size() > 1 || descriptor.shots() > 1 || descriptor.storages() > 1) {
      throw refused(
          source,
          "StorageData",
          descriptor.files().size()
              + " images in "
              + descriptor.storages()
              + " storages for "
              + descriptor.shots()
              + " snapshots, which are the disk together",
          "one image",
          "Delete the snapshots in Parallels, or merge them with prl_disk_tool merge --hdd");
    }
    if (descriptor.isEncrypted()) {
      throw refused(
          source,
          "Encryption",
          "engine " + descriptor.engine(),
          "none",
          "Decrypt the disk in Parallels");
    }
    if (!descriptor.padding().equals("0")) {
      throw refused(
          source, "Padding", "'" + descriptor.padding() + "'", "0", "Convert it in Parallels");
    }
  }

  private static UnsupportedFeature refused(
      String source, String element, String found, String allowed, String remedy) {
    return new UnsupportedFeature(
        source, ROLE + " " + element, Fault.NOWHERE, found, allowed, remedy);
  }

  private static UnsafeReference alone(ByteSource source, String found, String allowed) {
    return new UnsafeReference(
        source.describe(),
        ROLE,
        Fault.NOWHERE,
        found,
        allowed,
        "An image of a bundle may hold no more than what changed since a snapshot, which only its"
            + " descriptor tells: put the bundle's "
            + DiskDescriptor.NAME
            + " beside it, or rename the image if you know that it is the whole disk");
  }
}
