package io.diskwright.format.qcow2;

import io.diskwright.disk.ImageInfo;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The internal snapshots, which are listed but not read. */
final class SnapshotTable {

  private static final int MAX_SNAPSHOTS = 65536;
  private static final long MAX_BYTES = 16 << 20;

  private SnapshotTable() {}

  /** Reads the names and sizes of the snapshots. */
  static List<ImageInfo.Snapshot> read(ByteSource source, Header header) throws IOException {
    long count = header.nbSnapshots();
    if (count == 0) {
      return List.of();
    }
    if (count > MAX_SNAPSHOTS) {
      throw new LimitExceeded(
          source.describe(),
          Header.NAME + " nb_snapshots",
          Header.NB_SNAPSHOTS_AT,
          Fault.number(count),
          "up to " + MAX_SNAPSHOTS);
    }
    Region.checked(
        source,
        "snapshot table",
        header.snapshotsOffset(),
        count * Snapshot.FIXED,
        header.clusterSize(),
        "snapshots_offset",
        Header.SNAPSHOTS_OFFSET_AT);
    var snapshots = new ArrayList<ImageInfo.Snapshot>();
    long position = 0;
    for (long i = 0; i < count; i++) {
      long offset = header.snapshotsOffset() + position;
      ByteView fixed = source.view(Snapshot.NAME, offset, Snapshot.FIXED, ByteOrder.BIG_ENDIAN);
      int length = Snapshot.length(fixed);
      ByteView view = source.view(Snapshot.NAME, offset, length, ByteOrder.BIG_ENDIAN);
      Snapshot snapshot = Snapshot.parse(view);
      snapshot.checkL1(source, view, header.clusterSize());
      snapshots.add(
          new ImageInfo.Snapshot(snapshot.name(), snapshot.diskSize().orElse(header.size())));
      position += snapshot.length();
      if (position > MAX_BYTES) {
        throw new LimitExceeded(
            source.describe(),
            "snapshot table",
            header.snapshotsOffset(),
            "more than " + Fault.number(MAX_BYTES) + " bytes",
            "up to that");
      }
    }
    return List.copyOf(snapshots);
  }
}
