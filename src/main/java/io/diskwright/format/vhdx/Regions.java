package io.diskwright.format.vhdx;

import io.diskwright.disk.Anomaly;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of the file is no block.
 *
 * @param bat the block allocation table
 * @param metadata the metadata table and its items
 * @param taken all of it: the header section, the log and every region
 * @param damaged the region table that is damaged, if one is
 */
record Regions(Region bat, Region metadata, List<Region> taken, Optional<Anomaly> damaged) {

  private static final UUID BAT = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
  private static final UUID METADATA = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");

  private static final long FIRST = 192 << 10;
  private static final long SECOND = 256 << 10;

  /**
   * Reads the region tables.
   *
   * @throws CorruptImage when neither is sound, both are and differ, or a region cannot be there
   * @throws UnsupportedFeature for a region that is required and unknown
   */
  static Regions read(ByteSource source, Header header) throws IOException {
    Copy first = read(source, "region table 1", FIRST);
    Copy second = read(source, "region table 2", SECOND);
    if (!first.sound() && !second.sound()) {
      throw first.refusal().orElseThrow();
    }
    if (first.sound() && second.sound() && !first.sameAs(second)) {
      throw second
          .view()
          .corrupt(
              "Checksum", Copy.CHECKSUM_AT, "a sound table unlike the first", "two equal ones");
    }
    ByteView view = first.sound() ? first.view() : second.view();
    Optional<Anomaly> damaged = first.anomaly().or(second::anomaly);
    return of(view, source.size(), header, damaged);
  }

  private static Copy read(ByteSource source, String name, long offset) throws IOException {
    return Copy.read(source, name, offset, RegionTable.SIZE, RegionTable.SIGNATURE);
  }

  private static Regions of(ByteView view, long size, Header header, Optional<Anomaly> damaged)
      throws ImageException {
    Region bat = null;
    Region metadata = null;
    var taken = new ArrayList<Region>();
    taken.add(Region.HEADER_SECTION);
    taken.add(header.log());
    for (RegionTableEntry entry : RegionTable.parse(view).entries()) {
      if (entry.guid().equals(BAT)) {
        bat = entry.region("BAT region", view, size);
        taken.add(bat);
      } else if (entry.guid().equals(METADATA)) {
        metadata = entry.region("metadata region", view, size);
        taken.add(metadata);
      } else if (entry.required()) {
        throw view.unsupported(
            "Guid",
            entry.at(),
            "the unknown region " + Guid.text(entry.guid()) + ", marked as required",
            "the BAT and metadata regions, and others that are not required");
      } else {
        taken.add(entry.region("region " + Guid.text(entry.guid()), view, size));
      }
    }
    refuseOverlaps(view, taken);
    return new Regions(
        found(bat, view, "BAT", BAT),
        found(metadata, view, "metadata", METADATA),
        List.copyOf(taken),
        damaged);
  }

  private static Region found(@Nullable Region region, ByteView view, String name, UUID guid)
      throws CorruptImage {
    if (region == null) {
      throw view.corrupt(
          "EntryCount", 8, "no " + name + " region", "one with the Guid " + Guid.text(guid));
    }
    return region;
  }

  private static void refuseOverlaps(ByteView view, List<Region> taken) throws CorruptImage {
    List<Region> sorted = taken.stream().sorted(Comparator.comparingLong(Region::offset)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      Region before = sorted.get(i - 1);
      Region region = sorted.get(i);
      if (before.overlaps(region.offset(), region.length())) {
        throw new CorruptImage(
            view.source(),
            region.name(),
            region.offset(),
            "a start inside the " + before.name(),
            "regions that do not overlap each other, the header section or the log");
      }
    }
  }
}
