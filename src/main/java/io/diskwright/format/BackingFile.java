package io.diskwright.format;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.OpenContext.Referenced;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The image that counts where this one says nothing, or that there is none.
 *
 * @param opened null for none
 */
public record BackingFile(@Nullable Referenced<DiskImage> opened) implements Closeable {

  /** No backing file. */
  public static final BackingFile NONE = new BackingFile(null);

  /**
   * Opens it; the parameters are those of {@link OpenContext#openImage}. The caller closes it.
   *
   * @param format the format the image says it has, in qemu's word; empty to recognise it by
   *     content
   */
  public static BackingFile open(
      OpenContext context, String name, long offset, Optional<String> format) throws IOException {
    return new BackingFile(
        context.openImage("backing", name, offset, format.map(BackingFile::formatName)));
  }

  /** qemu calls VHD by the name of the product it came from. */
  private static String formatName(String qemuName) {
    return qemuName.equals("vpc") ? "vhd" : qemuName;
  }

  /** The disk; null for none. */
  public @Nullable DiskImage disk() {
    return opened == null ? null : opened.opened();
  }

  /** The file, and those that belong to it, the whole chain down. */
  public List<ExternalFile> files() {
    var files = new ArrayList<ExternalFile>();
    if (opened != null) {
      files.add(opened.file());
      files.addAll(opened.opened().info().externalFiles());
    }
    return files;
  }

  /** What is odd in it, under its name. */
  public List<Anomaly> anomalies() {
    DiskImage disk = disk();
    return disk == null
        ? List.of()
        : disk.info().anomalies().stream()
            .map(a ->
                new Anomaly(
                    a.kind(),
                    "backing file " + disk.describe() + ": " + a.structure(),
                    a.offset(),
                    a.observed(),
                    a.expected()))
            .toList();
  }

  @Override
  public void close() throws IOException {
    DiskImage disk = disk();
    if (disk != null) {
      disk.close();
    }
  }
}
