package io.diskwright.format.qcow2;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The internal snapshots: all are listed, one can be read. */
final class SnapshotTable {

  private static final int MAX_SNAPSHOTS = 65536;
  private static final long MAX_BYTES = 16 << 20;
  private static final int MAX_TITLES = 16;

  private SnapshotTable() {}

  /** Reads the entries; the tables they name are not read. */
  static List<Snapshot> read(ByteSource source, Header header) throws IOException {
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
    Places.checked(
        source,
        "snapshot table",
        header.snapshotsOffset(),
        count * Snapshot.FIXED,
        header.clusterSize(),
        Header.NAME + " snapshots_offset",
        Header.SNAPSHOTS_OFFSET_AT);
    var snapshots = new ArrayList<Snapshot>();
    long position = 0;
    for (long i = 0; i < count; i++) {
      long offset = header.snapshotsOffset() + position;
      ByteView fixed = source.view(Snapshot.NAME, offset, Snapshot.FIXED, ByteOrder.BIG_ENDIAN);
      int length = Snapshot.length(fixed);
      ByteView view = source.view(Snapshot.NAME, offset, length, ByteOrder.BIG_ENDIAN);
      Snapshot snapshot = Snapshot.parse(view);
      snapshot.checkL1(source, view, header.clusterSize());
      snapshots.add(snapshot);
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

  /**
   * The snapshot the user wants: the one with that id, else the one with that name, as qemu looks
   * for it.
   *
   * @param source the file's name, for messages
   * @throws AmbiguousImage when several have that id, or that name
   * @throws UnsupportedFeature when none has it
   */
  static Snapshot choose(List<Snapshot> snapshots, String wanted, String source)
      throws ImageException {
    List<Snapshot> found = snapshots.stream().filter(s -> s.id().equals(wanted)).toList();
    if (found.isEmpty()) {
      found = snapshots.stream().filter(s -> s.name().equals(wanted)).toList();
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    if (found.isEmpty()) {
      throw new UnsupportedFeature(
          source,
          "snapshot table",
          Fault.NOWHERE,
          "no snapshot '" + wanted + "'",
          snapshots.isEmpty() ? "none, there are no snapshots" : titles(snapshots),
          "Name one of the image's snapshots, by id or name, or leave out --snapshot");
    }
    throw new AmbiguousImage(
        source,
        "snapshot table",
        Fault.NOWHERE,
        found.size() + " snapshots '" + wanted + "': " + titles(found),
        "one snapshot of that name",
        "Say which with its id");
  }

  private static String titles(List<Snapshot> snapshots) {
    String shown =
        snapshots.stream().limit(MAX_TITLES).map(Snapshot::title).collect(Collectors.joining(", "));
    int more = snapshots.size() - MAX_TITLES;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
