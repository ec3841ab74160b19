package io.diskwright.format.qcow2;

import io.diskwright.disk.DiskImage;
import io.diskwright.format.ImageFormat;
import io.diskwright.format.OpenContext;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.format.Probe;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * qcow2, versions 2 and 3, with everything that is needed to read the active disk or an internal
 * snapshot: backing files, compressed clusters (zlib and Zstandard), subclusters. Encrypted images
 * and external data files are refused.
 */
public final class Qcow2Format implements ImageFormat {

  @Override
  public String name() {
    return "qcow2";
  }

  @Override
  public boolean readsSnapshots() {
    return true;
  }

  @Override
  public boolean recognises(Probe probe) {
    return probe.head().startsWith(0, Header.MAGIC);
  }

  @Override
  public DiskImage open(ByteSource source, OpenContext context) throws IOException {
    DiskImage backing = null;
    try {
      int length = (int) Math.min(Header.MAX_LENGTH, source.size());
      ByteView view = source.view(Header.NAME, 0, length, ByteOrder.BIG_ENDIAN);
      Header header = Header.parse(view);
      BackingReference.checkPlace(header, source.describe());
      HeaderExtensions extensions = HeaderExtensions.read(source, header);
      Features features = Features.of(header, extensions.featureNames(), source.describe());
      List<Snapshot> snapshots = SnapshotTable.read(source, header);
      Optional<Snapshot> read = wanted(snapshots, context, source.describe());
      DiskState state = DiskState.active(header);
      Layout layout = Layout.of(header, features);
      L1Table active = L1Table.open(source, state, layout, context.cache());
      L1Table l1 = active;
      if (read.isPresent()) {
        state = DiskState.of(read.get(), header, source.describe());
        l1 = L1Table.open(source, state, layout, context.cache());
      }
      MetadataMap metadata = MetadataMap.of(source, header, active, l1, context.cache());
      var facts = new Facts(header, features, extensions, state.size(), snapshots, read);

      Optional<BackingReference> reference = BackingReference.read(source, header);
      Referenced<DiskImage> referenced =
          reference.isEmpty() ? null : openBacking(reference.get(), extensions, context);
      backing = referenced == null ? null : referenced.opened();
      var map =
          new ClusterMap(
              source, l1, metadata, context.cache(), features.compression().codec(), backing);
      return new Qcow2Image(source, state.size(), map, backing, facts.info(reference, referenced));
    } catch (IOException | RuntimeException e) {
      close(source, backing, e);
      throw e;
    }
  }

  private static Optional<Snapshot> wanted(
      List<Snapshot> snapshots, OpenContext context, String source) throws ImageException {
    return context.snapshot().isPresent()
        ? Optional.of(SnapshotTable.choose(snapshots, context.snapshot().get(), source))
        : Optional.empty();
  }

  private static Referenced<DiskImage> openBacking(
      BackingReference reference, HeaderExtensions extensions, OpenContext context)
      throws IOException {
    return context.openImage(
        "backing",
        reference.name(),
        reference.offset(),
        extensions.backingFormat().map(Qcow2Format::formatName));
  }

  /** qemu calls VHD by the name of the product it came from. */
  private static String formatName(String qemuName) {
    return qemuName.equals("vpc") ? "vhd" : qemuName;
  }

  private static void close(ByteSource source, @Nullable DiskImage backing, Exception reason) {
    try (source;
        backing) {
      // both are closed whatever happens
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
