package io.diskwright.format.qcow2;

import io.diskwright.format.OpenContext;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ImageException;
import io.diskwright.io.MetadataMap;
import io.diskwright.io.Region;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image's own metadata, checked.
 *
 * @param snapshots all internal snapshots
 * @param read the snapshot that is read; empty for the active state
 * @param size bytes of the disk in the state that is read
 * @param l1 the L1 table of that state
 * @param encryption how data clusters are encrypted, if they are
 * @param backing the backing file's name
 */
record Metadata(
    Header header,
    HeaderExtensions extensions,
    Features features,
    List<Snapshot> snapshots,
    Optional<Snapshot> read,
    long size,
    L1Table l1,
    MetadataMap places,
    Optional<Encryption> encryption,
    Optional<BackingReference> backing) {

  static Metadata read(ByteSource source, OpenContext context) throws IOException {
    int length = (int) Math.min(Header.MAX_LENGTH, source.size());
    ByteView view = source.view(Header.NAME, 0, length, ByteOrder.BIG_ENDIAN);
    Header header = Header.parse(view);
    BackingReference.checkPlace(header, source.describe());
    HeaderExtensions extensions = HeaderExtensions.read(source, header);
    Features features = Features.of(header, extensions.featureNames(), source.describe());
    List<Snapshot> snapshots = SnapshotTable.read(source, header);
    Optional<Snapshot> read = wanted(snapshots, features, context, source.describe());
    Layout layout = Layout.of(header, features);
    DiskState state = DiskState.active(header);
    L1Table active = L1Table.open(source, state, layout, context.cache());
    L1Table l1 = active;
    if (read.isPresent()) {
      state = DiskState.of(read.get(), header, source.describe());
      l1 = L1Table.open(source, state, layout, context.cache());
    }
    return new Metadata(
        header,
        extensions,
        features,
        snapshots,
        read,
        state.size(),
        l1,
        Places.of(source, header, tables(active, l1, extensions), l1, context.cache()),
        Encryption.open(source, header, extensions, context.secretFile()),
        BackingReference.read(source, header));
  }

  private static List<Region> tables(L1Table active, L1Table l1, HeaderExtensions extensions) {
    var tables = new ArrayList<Region>();
    tables.add(active.region());
    if (l1 != active) {
      tables.add(l1.region());
    }
    extensions.encryption().ifPresent(e -> tables.add(e.region()));
    return tables;
  }

  private static Optional<Snapshot> wanted(
      List<Snapshot> snapshots, Features features, OpenContext context, String source)
      throws ImageException {
    if (context.snapshot().isEmpty()) {
      return Optional.empty();
    }
    String name = context.snapshot().get();
    if (features.dataFile()) {
      throw new UnsupportedFeature(
          source,
          Header.NAME + " incompatible_features",
          Header.INCOMPATIBLE_FEATURES_AT,
          "bit 2, an external data file, which keeps no snapshot '" + name + "'",
          "images that hold their own data",
          "Leave out --snapshot");
    }
    return Optional.of(SnapshotTable.choose(snapshots, name, source));
  }
}
