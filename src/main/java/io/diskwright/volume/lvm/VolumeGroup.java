package io.diskwright.volume.lvm;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.volume.VolumeContent;
import io.diskwright.volume.VolumeProbe;
import io.diskwright.volume.lvm.LogicalVolumes.Placed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A volume group: which extents of which physical volumes make a logical one. */
final class VolumeGroup {

  private static final long SECTOR = 512;
  private static final int MAX_SEGMENTS = 1 << 16;
  private static final int MAX_STRIPES = 128;

  private final VirtualDisk disk;
  private final String name;
  private final Section text;
  private final Map<String, Extents> physical = new HashMap<>();
  private final long extentSize;

  /**
   * The extents of a physical volume.
   *
   * @param start of the first on the disk, in bytes
   */
  private record Extents(long start, long count) {}

  VolumeGroup(VirtualDisk disk, String name, Section text, List<Placed> placed)
      throws CorruptImage {
    this.disk = disk;
    this.name = name;
    this.text = text;
    this.extentSize = SECTOR * text.number("extent_size", 1, 1L << 32);
    Section volumes = text.section("physical_volumes");
    for (String key : volumes.values().keySet()) {
      Section volume = volumes.section(key);
      String uuid = volume.text("id").replace("-", "");
      for (Placed each : placed) {
        if (each.physical().uuid().equals(uuid)) {
          physical.put(key, extents(volume, each));
          break;
        }
      }
    }
  }

  private Extents extents(Section volume, Placed placed) throws CorruptImage {
    long start = SECTOR * volume.number("pe_start", 0, placed.length() / SECTOR);
    long most = (placed.length() - start) / extentSize;
    // A volume that was cut off still has its first extents.
    long count = Math.min(most, volume.number("pe_count", 0, Long.MAX_VALUE));
    return new Extents(placed.start() + start, count);
  }

  List<LogicalVolume> read() throws IOException {
    List<LogicalVolume> found = new ArrayList<>();
    if (!text.has("logical_volumes")) {
      return found;
    }
    Section volumes = text.section("logical_volumes");
    for (String key : volumes.values().keySet()) {
      Section volume = volumes.section(key);
      if (volume.list("status").contains("VISIBLE")) {
        found.add(read(key, volume));
      }
    }
    return found;
  }

  private LogicalVolume read(String key, Section volume) throws IOException {
    String uuid = volume.values().get("id") instanceof String id ? id : "";
    try {
      var whole =
          new StripedDisk(disk, disk.describe() + " " + name + "/" + key, segments(key, volume));
      Optional<VolumeContent> content = VolumeProbe.probe(whole, 0, whole.size());
      return new LogicalVolume(
          name, key, uuid, whole.size(), Optional.of(whole), content, Optional.empty());
    } catch (ImageException e) {
      return new LogicalVolume(
          name, key, uuid, 0, Optional.empty(), Optional.empty(), Optional.of(e));
    }
  }

  private List<StripedDisk.Segment> segments(String key, Section volume) throws ImageException {
    long count = volume.number("segment_count", 1, MAX_SEGMENTS);
    List<StripedDisk.Segment> segments = new ArrayList<>();
    long next = 0;
    for (long i = 1; i <= count; i++) {
      Section segment = volume.section("segment" + i);
      String type = segment.text("type");
      if (!type.equals("striped") && !type.equals("linear")) {
        throw unsupported(key, "a segment of type " + type);
      }
      long start = segment.number("start_extent", 0, Long.MAX_VALUE);
      long extents = segment.number("extent_count", 1, Long.MAX_VALUE / extentSize);
      if (start != next || extents > Long.MAX_VALUE / extentSize - next) {
        throw segment.wrong("start_extent", Long.toString(next));
      }
      next += extents;
      segments.add(segment(key, segment, start, extents));
    }
    return segments;
  }

  private StripedDisk.Segment segment(String key, Section segment, long start, long extents)
      throws ImageException {
    int stripes = (int) segment.number("stripe_count", 1, MAX_STRIPES);
    List<?> places = segment.list("stripes");
    if (places.size() != 2 * stripes || extents % stripes != 0) {
      throw segment.wrong("stripes", stripes + " names with a number each");
    }
    long stripeSize =
        stripes == 1 ? extentSize : SECTOR * segment.number("stripe_size", 1, extentSize / SECTOR);
    if (extentSize % stripeSize != 0) {
      throw segment.wrong("stripe_size", "a part of an extent's " + extentSize / SECTOR);
    }
    long[] starts = new long[stripes];
    for (int i = 0; i < stripes; i++) {
      starts[i] = place(key, segment, places.get(2 * i), places.get(2 * i + 1), extents / stripes);
    }
    return new StripedDisk.Segment(start * extentSize, extents * extentSize, stripeSize, starts);
  }

  private long place(String key, Section segment, Object volume, Object first, long extents)
      throws ImageException {
    Extents available = volume instanceof String ? physical.get(volume) : null;
    if (available == null) {
      throw unsupported(
          key, "a part on the physical volume " + volume + ", which is not on this disk");
    }
    if (!(first instanceof Long at)
        || at < 0
        || at > available.count
        || extents > available.count - at) {
      throw segment.wrong("stripes", "inside the " + available.count + " extents of " + volume);
    }
    return available.start + at * extentSize;
  }

  private UnsupportedFeature unsupported(String volume, String found) {
    return new UnsupportedFeature(
        disk.describe(),
        "logical volume " + name + "/" + volume,
        Fault.NOWHERE,
        found,
        "linear and striped volumes whose parts are all on this disk",
        "Copy its files inside the guest, or move it to a plain volume");
  }
}
