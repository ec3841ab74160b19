package io.diskwright.validate.rule;

import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import io.diskwright.vhd.VhdGeometry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What importers check in a VHD's own structures. */
final class VhdRules {

  /** Creators whose size every known reader takes from the footer, never from the geometry. */
  private static final List<String> EXACT_CREATORS =
      List.of("win ", "qem2", "d2v ", "CTXS", "tap\0");

  private VhdRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("format.vhd-footer-valid", VhdRules::footerValid),
        Rule.of("format.vhd-subtype", VhdRules::subtype),
        Rule.of("format.vhd-dynamic-table", VhdRules::dynamicTable),
        Rule.of("format.vhd-geometry-agrees", VhdRules::geometryAgrees));
  }

  private static Outcome footerValid(Facts facts) throws IOException {
    Optional<VhdFacts> vhd = facts.vhd();
    if (vhd.isEmpty()) {
      return noVhd();
    }
    List<Evidence> wrong = VhdChecks.of(vhd.get());
    if (!wrong.isEmpty()) {
      return Outcome.fail("The VHD's structures are not sound.", wrong);
    }
    if (vhd.get().footer().savedState() != 0) {
      return Outcome.fail(
              "The machine was suspended: its memory is not in the image.",
              new Evidence("VHD footer saved state", "1", "0"))
          .atMost(Severity.WARNING);
    }
    return Outcome.pass("The VHD's structures are sound and agree with the file's length.");
  }

  private static Outcome subtype(Facts facts) throws IOException {
    Optional<VhdFacts> vhd = facts.vhd();
    if (vhd.isEmpty()) {
      return noVhd();
    }
    long type = vhd.get().footer().diskType();
    String kind =
        type == VhdFooter.FIXED
            ? "fixed"
            : type == VhdFooter.DYNAMIC
                ? "dynamic"
                : type == VhdFooter.DIFFERENCING ? "differencing" : "of unknown type " + type;
    return facts.profile().accepts("vhd", kind).isPresent() && !kind.equals("differencing")
        ? Outcome.pass("The VHD is " + kind + ".")
        : Outcome.fail(
            "The VHD is " + kind + ", which the importer does not take.",
            new Evidence("VHD footer disk type", Long.toString(type), allowed(facts)));
  }

  private static String allowed(Facts facts) {
    return facts.profile().accepts("vhd", "dynamic").isPresent()
        ? "2 (fixed) or 3 (dynamic)"
        : "2 (fixed)";
  }

  private static Outcome dynamicTable(Facts facts) throws IOException {
    Optional<VhdFacts> vhd = facts.vhd();
    if (vhd.isEmpty() || !vhd.get().isDynamic()) {
      return Outcome.notApplicable("The image is no dynamic VHD.");
    }
    if (vhd.get().header().isEmpty()) {
      return Outcome.unknown("The dynamic header is damaged, see format.vhd-footer-valid.");
    }
    VhdDynamicHeader header = vhd.get().header().get();
    long size = vhd.get().footer().currentSize();
    long block = header.blockSize();
    if (Long.bitCount(block) != 1) {
      return Outcome.fail(
          "The block size is no power of two.",
          new Evidence("VHD header block size", Long.toString(block), "a power of two"));
    }
    // Both factors are below 2^32, so the product is below 2^64; size may claim 2^63 and more.
    long covered = header.maxTableEntries() * block;
    long needed = Long.divideUnsigned(size - 1, block) + 1;
    var evidence =
        new Evidence(
            "VHD header max table entries",
            header.maxTableEntries() + " of " + block + " bytes",
            Long.toUnsignedString(needed) + " for " + Long.toUnsignedString(size) + " bytes");
    if (size == 0 || Long.compareUnsigned(covered, size) < 0) {
      return Outcome.fail("The block allocation table is too small for the disk.", evidence);
    }
    return header.maxTableEntries() > needed
        ? Outcome.fail("The block allocation table has more entries than blocks.", evidence)
            .atMost(Severity.WARNING)
        : Outcome.pass("The block allocation table has one entry for each block.");
  }

  /**
   * The specification's geometry rounds down, so it rarely equals the size. That misleads only
   * readers that take the geometry for the size, and these decide by the creator.
   */
  private static Outcome geometryAgrees(Facts facts) throws IOException {
    Optional<VhdFacts> vhd = facts.vhd();
    if (vhd.isEmpty()) {
      return noVhd();
    }
    VhdFooter footer = vhd.get().footer();
    long size = footer.currentSize();
    if (size <= 0) {
      return Outcome.unknown("The footer states no size, see format.vhd-footer-valid.");
    }
    VhdGeometry geometry = footer.diskGeometry();
    boolean large = size >= VhdGeometry.MAX.capacity();
    boolean exact = large ? geometry.equals(VhdGeometry.MAX) : geometry.capacity() == size;
    boolean misread =
        !exact
            && !geometry.equals(VhdGeometry.MAX)
            && !EXACT_CREATORS.contains(footer.creatorApplication());
    boolean odd =
        !exact && !geometry.equals(VhdGeometry.MAX) && !geometry.equals(VhdGeometry.ofSize(size));
    if (misread || odd || (large && !exact)) {
      return Outcome.fail(
          misread
              ? "Readers that go by the geometry see a disk of another size."
              : "The geometry is not the one the specification gives a disk of this size.",
          new Evidence(
              "VHD footer geometry",
              geometry
                  + ", "
                  + Sizes.bytes(geometry.capacity())
                  + ", creator '"
                  + footer.creatorApplication()
                  + "'",
              VhdGeometry.ofSize(size) + " or " + Sizes.bytes(size)));
    }
    if (footer.originalSize() != size) {
      return Outcome.fail(
              "The disk was resized after it was made.",
              new Evidence(
                  "VHD footer original size",
                  Long.toUnsignedString(footer.originalSize()),
                  Long.toString(size)))
          .atMost(Severity.INFO);
    }
    return Outcome.pass(
        exact
            ? "Geometry and size agree."
            : "The geometry rounds the size down, which no reader of this creator's files minds.");
  }

  private static Outcome noVhd() {
    return Outcome.notApplicable("The image is no VHD.");
  }
}
