package io.diskwright.format.qcow2;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files besides its own that an image needs, opened.
 *
 * @param data the external data file, if it has one
 * @param backing the backing file, if it has one
 */
record OtherFiles(@Nullable Referenced<ByteSource> data, @Nullable Referenced<DiskImage> backing)
    implements Closeable {

  /** Opens what the image names; when one file is refused the other is closed. */
  static OtherFiles open(Metadata metadata, OpenContext context, ByteSource source)
      throws IOException {
    Referenced<ByteSource> data =
        metadata.features().dataFile()
            ? DataFile.open(metadata.extensions(), context, source)
            : null;
    try {
      Optional<BackingReference> backing = metadata.backing();
      return new OtherFiles(
          data, backing.isEmpty() ? null : openBacking(backing.get(), metadata, context));
    } catch (IOException | RuntimeException e) {
      if (data != null) {
        data.opened().close();
      }
      throw e;
    }
  }

  private static Referenced<DiskImage> openBacking(
      BackingReference reference, Metadata metadata, OpenContext context) throws IOException {
    return context.openImage(
        "backing",
        reference.name(),
        reference.offset(),
        metadata.extensions().backingFormat().map(OtherFiles::formatName));
  }

  /** qemu calls VHD by the name of the product it came from. */
  private static String formatName(String qemuName) {
    return qemuName.equals("vpc") ? "vhd" : qemuName;
  }

  /** The disk below this one; null without a backing file. */
  @Nullable DiskImage backingDisk() {
    return backing == null ? null : backing.opened();
  }

  @Override
  public void close() throws IOException {
    try (ByteSource dataFile = data == null ? null : data.opened();
        DiskImage below = backingDisk()) {
      // both are closed even when one fails
    }
  }
}
