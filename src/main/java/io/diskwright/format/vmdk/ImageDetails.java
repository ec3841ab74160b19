package io.diskwright.format.vmdk;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
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
 * @param sparse the header of the first hosted sparse extent, if there is one
 */
record ImageDetails(
    Descriptor descriptor,
    CreateType createType,
    long size,
    int extents,
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

  /** The whole report. */
  ImageInfo info(List<ExternalFile> files, List<Anomaly> anomalies) {
    return new ImageInfo(
        "vmdk",
        createType.word(),
        size,
        sparse.map(h -> OptionalLong.of(h.grainBytes())).orElse(OptionalLong.empty()),
        Optional.empty(),
        List.of(),
        List.copyOf(files),
        List.copyOf(anomalies),
        facts());
  }

  /** Facts in the format's own terms, in reading order. */
  private Map<String, String> facts() {
    var details = new LinkedHashMap<String, String>();
    descriptor.text("cid").ifPresent(v -> details.put("CID", v));
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
