package io.diskwright.format.vmdk;

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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a VMDK says about itself beyond its bytes.
 *
 * @param size bytes of the disk
 * @param extents how many it has
 * @param grainBytes bytes of a grain of the first sparse extent of any kind
 * @param sparse the header of the first hosted sparse extent, if there is one
 */
record ImageDetails(
    Descriptor descriptor,
    CreateType createType,
    long size,
    int extents,
    OptionalLong grainBytes,
    Optional<SparseHeader> sparse) {

  /** What the disk data base says that is worth showing. */
  private static final List<String> DDB =
      List.of(
          "adapterType",
          "virtualHWVersion",
          "toolsVersion",
          "geometry.cylinders",
          "geometry.heads",
          "geometry.sectors",
          "thinProvisioned",
          "longContentID",
          "uuid",
          "comment");

  /** The whole report of a disk without a parent. */
  ImageInfo info(List<ExternalFile> files, List<Anomaly> anomalies) {
    return info(files, anomalies, Optional.empty());
  }

  /**
   * The whole report.
   *
   * @param files the disk's own
   * @param anomalies the disk's own
   */
  ImageInfo info(
      List<ExternalFile> files, List<Anomaly> anomalies, Optional<Referenced<DiskImage>> parent) {
    var allFiles = new ArrayList<>(files);
    var allAnomalies = new ArrayList<>(anomalies);
    parent.ifPresent(p -> {
      DiskImage below = p.opened();
      allFiles.add(p.file());
      allFiles.addAll(below.info().externalFiles());
      if (below.size() != size) {
        allAnomalies.add(
            new Anomaly(
                Anomaly.Kind.SIZES_DISAGREE,
                "parent " + below.describe(),
                Fault.NOWHERE,
                Fault.number(below.size()) + " bytes",
                Fault.number(size) + ", the delta's size, which was used"));
      }
      below.info().anomalies().forEach(a -> allAnomalies.add(inParent(a, below.describe())));
    });
    return new ImageInfo(
        "vmdk",
        createType.word(),
        size,
        grainBytes,
        Optional.empty(),
        List.of(),
        List.copyOf(allFiles),
        List.copyOf(allAnomalies),
        facts());
  }

  private static Anomaly inParent(Anomaly anomaly, String file) {
    return new Anomaly(
        anomaly.kind(),
        "parent " + file + ": " + anomaly.structure(),
        anomaly.offset(),
        anomaly.observed(),
        anomaly.expected());
  }

  /** Facts in the format's own terms, in reading order. */
  private Map<String, String> facts() {
    var details = new LinkedHashMap<String, String>();
    descriptor.text("cid").ifPresent(v -> details.put("CID", v));
    descriptor
        .text("parentfilenamehint")
        .filter(v -> !v.isEmpty())
        .ifPresent(v -> {
          descriptor.text("parentcid").ifPresent(id -> details.put("parentCID", id));
          details.put("parentFileNameHint", descriptor.names().readable(v));
        });
    descriptor.encoding().ifPresent(v -> details.put("encoding", v));
    details.put("extents", Integer.toString(extents));
    sparse.ifPresent(header -> {
      details.put("sparse version", Integer.toString(header.version()));
      details.put("sparse flags", String.format(Locale.ROOT, "0x%x", header.flags()));
    });
    for (String key : DDB) {
      descriptor
          .text("ddb." + key.toLowerCase(Locale.ROOT))
          .filter(v -> !v.isEmpty())
          .ifPresent(v -> details.put(key, v));
    }
    return Collections.unmodifiableMap(details);
  }
}
