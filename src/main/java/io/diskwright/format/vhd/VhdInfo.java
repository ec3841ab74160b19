package io.diskwright.format.vhd;

import io.diskwright.disk.Anomaly;
import io.diskwright.disk.Anomaly.Kind;
import io.diskwright.disk.ImageInfo;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.io.Fault;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import io.diskwright.vhd.VhdGeometry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a footer says about its image, as reports show it. */
final class VhdInfo {

  private VhdInfo() {}

  /**
   * The facts of an image without a parent.
   *
   * @param subformat {@code fixed} or {@code dynamic}
   * @param blockSize bytes of a block, empty for fixed images
   */
  static ImageInfo of(
      VhdFooter footer, String subformat, OptionalLong blockSize, List<Anomaly> anomalies) {
    return new ImageInfo(
        "vhd",
        subformat,
        footer.currentSize(),
        blockSize,
        Optional.of(creator(footer)),
        List.of(),
        List.of(),
        List.copyOf(anomalies),
        Collections.unmodifiableMap(details(footer)));
  }

  /**
   * The facts of a differencing image and its whole chain.
   *
   * @param parent the parent, opened, and where it was found
   */
  static ImageInfo differencing(
      VhdFooters footers, VhdDynamicHeader header, VhdImage parent, ExternalFile file) {
    VhdFooter footer = footers.footer();
    ImageInfo below = parent.info();
    var files = new ArrayList<ExternalFile>();
    files.add(file);
    files.addAll(below.externalFiles());
    List<Anomaly> anomalies = anomalies(footers);
    parentTime(footer, header, parent).ifPresent(anomalies::add);
    for (Anomaly a : below.anomalies()) {
      anomalies.add(
          new Anomaly(
              a.kind(),
              "parent " + parent.describe() + ": " + a.structure(),
              a.offset(),
              a.observed(),
              a.expected()));
    }
    Map<String, String> details = details(footer);
    details.put("parent uuid", header.parentUniqueId().toString());
    if (!header.parentUnicodeName().isEmpty()) {
      details.put("parent name", Fault.printable(header.parentUnicodeName()));
    }
    return new ImageInfo(
        "vhd",
        "differencing",
        footer.currentSize(),
        OptionalLong.of(header.blockSize()),
        Optional.of(creator(footer)),
        List.of(),
        List.copyOf(files),
        List.copyOf(anomalies),
        Collections.unmodifiableMap(details));
  }

  /**
   * The image remembers when its parent was last modified, which no parent says of itself: it only
   * says when it was made. Writers that remember that instead, or nothing, are no less right.
   */
  private static Optional<Anomaly> parentTime(
      VhdFooter footer, VhdDynamicHeader header, VhdImage parent) {
    return header.parentTimeStamp() == 0 || header.parentTimeStamp() >= parent.footer().timeStamp()
        ? Optional.empty()
        : Optional.of(
            new Anomaly(
                Kind.PARENT_DIFFERS,
                "dynamic header parent time stamp",
                footer.dataOffset() + DynamicHeaders.PARENT_TIME_STAMP_AT,
                header.parentTime() + ", before the parent was made",
                parent.footer().time() + " or later"));
  }

  private static Map<String, String> details(VhdFooter footer) {
    var details = new LinkedHashMap<String, String>();
    details.put("uuid", footer.uniqueId().toString());
    details.put("created", footer.time().toString());
    details.put(
        "geometry",
        footer.diskGeometry()
            + " ("
            + footer.diskGeometry().capacity()
            + " bytes; the current size rules)");
    if ((footer.features() & 1) != 0) {
      details.put("temporary", "yes");
    }
    return details;
  }

  private static String creator(VhdFooter footer) {
    return String.format(
        Locale.ROOT,
        "%s %d.%d, host %s",
        padded(footer.creatorApplication()),
        footer.creatorVersion() >>> 16,
        footer.creatorVersion() & 0xFFFF,
        padded(footer.creatorHostOs()));
  }

  /** A four-character code without the blanks or NULs that fill it up. */
  private static String padded(String code) {
    return Fault.printable(code.replace('\0', ' ').strip());
  }

  /**
   * What is odd about a footer: fields that state another size, a damaged copy, an unclean state.
   * The current size rules; the geometry, which Virtual PC went by, cannot express most sizes.
   */
  static List<Anomaly> anomalies(VhdFooters footers) {
    var anomalies = new ArrayList<Anomaly>();
    footers.damaged().ifPresent(anomalies::add);
    VhdFooter footer = footers.footer();
    VhdGeometry geometry = footer.diskGeometry();
    VhdGeometry expected = VhdGeometry.ofSize(footer.currentSize());
    // The largest geometry says no more than "too large for me"; some writers put it everywhere.
    if (!geometry.equals(expected)
        && !geometry.equals(VhdGeometry.MAX)
        && geometry.capacity() != footer.currentSize()) {
      anomalies.add(
          new Anomaly(
              Kind.SIZES_DISAGREE,
              "footer disk geometry",
              footers.offset() + VhdFooters.GEOMETRY_AT,
              geometry + ", " + Fault.number(geometry.capacity()) + " bytes",
              expected + " for the current size " + Fault.number(footer.currentSize())));
    }
    if (footer.originalSize() != footer.currentSize()) {
      anomalies.add(
          new Anomaly(
              Kind.SIZES_DISAGREE,
              "footer original size",
              footers.offset() + VhdFooters.ORIGINAL_SIZE_AT,
              Fault.number(footer.originalSize()),
              Fault.number(footer.currentSize()) + ", the current size"));
    }
    if (footer.savedState() != 0) {
      anomalies.add(
          new Anomaly(
              Kind.DIRTY,
              "footer saved state",
              footers.offset() + VhdFooters.SAVED_STATE_AT,
              footer.savedState() + ", the machine is suspended",
              "0"));
    }
    return anomalies;
  }
}
