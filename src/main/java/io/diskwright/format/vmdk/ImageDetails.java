package io.diskwright.format.vmdk;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What a VMDK says about itself beyond its bytes. */
final class ImageDetails {

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

  private ImageDetails() {}

  /** Bytes of a grain of the first sparse extent, if there is one. */
  static OptionalLong grainBytes(List<VmdkExtent> extents) {
    return sparse(extents).mapToLong(e -> e.header().grainBytes()).findFirst();
  }

  private static Stream<SparseExtent> sparse(List<VmdkExtent> extents) {
    return extents.stream().filter(SparseExtent.class::isInstance).map(SparseExtent.class::cast);
  }

  /** Facts in the format's own terms, in reading order. */
  static Map<String, String> of(Descriptor descriptor, List<VmdkExtent> extents) {
    var details = new LinkedHashMap<String, String>();
    descriptor.text("cid").ifPresent(v -> details.put("CID", v));
    descriptor.encoding().ifPresent(v -> details.put("encoding", v));
    details.put("extents", Integer.toString(extents.size()));
    sparse(extents)
        .findFirst()
        .map(SparseExtent::header)
        .ifPresent(header -> {
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
