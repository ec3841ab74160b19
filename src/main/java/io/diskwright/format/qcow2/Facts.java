package io.diskwright.format.qcow2;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.DiskImage;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.format.OpenContext.Referenced;
import io.diskwright.io.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an image's metadata says, put together for reports.
 *
 * @param size bytes of the disk in the state that is read
 * @param read the snapshot that is read; empty for the active state
 */
record Facts(
    Header header,
    Features features,
    HeaderExtensions extensions,
    long size,
    List<Snapshot> snapshots,
    Optional<Snapshot> read) {

  /**
   * @param reference the backing file as the image names it
   * @param backing the backing file, opened; null without one
   */
  ImageInfo info(Optional<BackingReference> reference, @Nullable Referenced<DiskImage> backing) {
    var files = new ArrayList<ExternalFile>();
    var anomalies = anomalies();
    if (backing != null) {
      ImageInfo below = backing.opened().info();
      files.add(backing.file());
      files.addAll(below.externalFiles());
      for (Anomaly a : below.anomalies()) {
        anomalies.add(inBackingFile(a, backing.opened().describe()));
      }
    }
    return new ImageInfo(
        "qcow2",
        "v" + header.version(),
        size,
        OptionalLong.of(header.clusterSize()),
        Optional.empty(),
        snapshots.stream()
            .map(s -> new ImageInfo.Snapshot(s.name(), s.diskSize().orElse(header.size())))
            .toList(),
        List.copyOf(files),
        List.copyOf(anomalies),
        Collections.unmodifiableMap(details(reference)));
  }

  private Map<String, String> details(Optional<BackingReference> reference) {
    var details = new LinkedHashMap<String, String>();
    details.put("compat", header.version() == 2 ? "0.10" : "1.1");
    details.put("refcount bits", Integer.toString(1 << header.refcountOrder()));
    details.put("compression type", features.compression().word());
    details.put("extended l2", Boolean.toString(features.extendedL2()));
    details.put("lazy refcounts", Boolean.toString(features.lazyRefcounts()));
    read.ifPresent(s -> details.put("snapshot read", Fault.printable(s.title())));
    reference.ifPresent(r -> details.put("backing file", Fault.printable(r.name())));
    extensions
        .backingFormat()
        .ifPresent(format -> details.put("backing format", Fault.printable(format)));
    return details;
  }

  private ArrayList<Anomaly> anomalies() {
    var anomalies = new ArrayList<Anomaly>();
    if (features.corrupt()) {
      anomalies.add(
          new Anomaly(
              Anomaly.Kind.MARKED_CORRUPT,
              "incompatible_features",
              Header.INCOMPATIBLE_FEATURES_AT,
              "the corrupt bit",
              "an image its writer found consistent"));
    }
    if (features.dirty()) {
      anomalies.add(
          new Anomaly(
              Anomaly.Kind.DIRTY,
              "incompatible_features",
              Header.INCOMPATIBLE_FEATURES_AT,
              "the dirty bit",
              "an image closed cleanly"));
    }
    if (!snapshots.isEmpty()) {
      int others = snapshots.size() - (read.isPresent() ? 1 : 0);
      anomalies.add(
          ignored(
              "snapshot table",
              header.snapshotsOffset(),
              (read.isPresent() ? "the active disk, and " : "") + others + " internal snapshots"));
    }
    extensions
        .bitmaps()
        .ifPresent(b ->
            anomalies.add(
                ignored(
                    "bitmap directory",
                    b.bitmapDirectoryOffset(),
                    b.nbBitmaps() + " persistent bitmaps")));
    if (extensions.dataFile()) {
      anomalies.add(
          ignored(
              "external data file extension",
              Fault.NOWHERE,
              "the name of a data file that the feature bits do not announce"));
    }
    return anomalies;
  }

  private Anomaly ignored(String structure, long offset, String observed) {
    return new Anomaly(
        Anomaly.Kind.IGNORED_CONTENT,
        structure,
        offset,
        observed,
        read.isPresent() ? "the snapshot alone" : "the active disk alone");
  }

  private static Anomaly inBackingFile(Anomaly anomaly, String file) {
    return new Anomaly(
        anomaly.kind(),
        "backing file " + file + ": " + anomaly.structure(),
        anomaly.offset(),
        anomaly.observed(),
        anomaly.expected());
  }
}
