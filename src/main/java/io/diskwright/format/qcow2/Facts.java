package io.diskwright.format.qcow2;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.io.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What an image's metadata says, put together for reports. */
record Facts(Metadata metadata, OtherFiles opened) {

  ImageInfo info() {
    Header header = metadata.header();
    var files = new ArrayList<ExternalFile>();
    var anomalies = anomalies();
    if (opened.data() != null) {
      files.add(opened.data().file());
    }
    files.addAll(opened.backing().files());
    anomalies.addAll(opened.backing().anomalies());
    return new ImageInfo(
        "qcow2",
        "v" + header.version(),
        metadata.size(),
        OptionalLong.of(header.clusterSize()),
        Optional.empty(),
        metadata.snapshots().stream()
            .map(s -> new ImageInfo.Snapshot(s.name(), s.diskSize().orElse(header.size())))
            .toList(),
        List.copyOf(files),
        List.copyOf(anomalies),
        Collections.unmodifiableMap(details()));
  }

  private Map<String, String> details() {
    Header header = metadata.header();
    Features features = metadata.features();
    var details = new LinkedHashMap<String, String>();
    details.put("compat", header.version() == 2 ? "0.10" : "1.1");
    details.put("refcount bits", Integer.toString(1 << header.refcountOrder()));
    details.put("compression type", features.compression().word());
    details.put("extended l2", Boolean.toString(features.extendedL2()));
    details.put("lazy refcounts", Boolean.toString(features.lazyRefcounts()));
    metadata.encryption().ifPresent(e -> details.put("encryption", e.describe()));
    if (opened.data() != null) {
      details.put("raw data file", Boolean.toString(header.rawExternalData()));
    }
    metadata.read().ifPresent(s -> details.put("snapshot read", Fault.printable(s.title())));
    metadata.backing().ifPresent(r -> details.put("backing file", Fault.printable(r.name())));
    metadata
        .extensions()
        .backingFormat()
        .ifPresent(format -> details.put("backing format", Fault.printable(format)));
    return details;
  }

  private ArrayList<Anomaly> anomalies() {
    var anomalies = new ArrayList<Anomaly>();
    Features features = metadata.features();
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
    metadata.encryption().flatMap(Encryption::anomaly).ifPresent(anomalies::add);
    if (!metadata.snapshots().isEmpty()) {
      anomalies.add(ignored("snapshot table", metadata.header().snapshotsOffset(), notRead()));
    }
    metadata
        .extensions()
        .bitmaps()
        .ifPresent(b ->
            anomalies.add(
                ignored(
                    "bitmap directory",
                    b.bitmapDirectoryOffset(),
                    b.nbBitmaps() + " persistent bitmaps")));
    if (metadata.extensions().dataFile().isPresent() && !features.dataFile()) {
      anomalies.add(
          ignored(
              "external data file extension",
              Fault.NOWHERE,
              "the name of a data file that the feature bits do not announce"));
    }
    return anomalies;
  }

  /** The states of the disk that are not read. */
  private String notRead() {
    int count = metadata.snapshots().size();
    return metadata.read().isEmpty()
        ? count + " internal snapshots"
        : count == 1 ? "the active disk" : "the active disk, " + (count - 1) + " other snapshots";
  }

  private Anomaly ignored(String structure, long offset, String observed) {
    return new Anomaly(
        Anomaly.Kind.IGNORED_CONTENT,
        structure,
        offset,
        observed,
        metadata.read().isPresent() ? "the snapshot alone" : "the active disk alone");
  }
}
