package io.diskwright.volume.lvm;

import io.diskwright.disk.DiskSource;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ImageException;
import io.diskwright.volume.Volume;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The logical volumes on a disk.
 *
 * @param volumes those that a system shows, in the order of their groups' texts
 * @param refusals why a physical volume or a group was not understood
 */
public record LogicalVolumes(List<LogicalVolume> volumes, List<ImageException> refusals) {

  private static final String MEMBER = "LVM2_member";

  /** A physical volume and where it lies on the disk. */
  record Placed(PhysicalVolume physical, long start, long length) {}

  /**
   * Reads the volume groups whose physical volumes are among a disk's volumes.
   *
   * @param volumes of the disk
   */
  public static LogicalVolumes of(VirtualDisk disk, List<Volume> volumes) throws IOException {
    List<ImageException> refusals = new ArrayList<>();
    List<Placed> placed = new ArrayList<>();
    Map<String, Section> groups = new LinkedHashMap<>();
    for (Volume volume : volumes) {
      if (volume.content().filter(c -> c.type().equals(MEMBER)).isEmpty()) {
        continue;
      }
      String name =
          disk.describe()
              + volume.partition().map(p -> " partition " + p.number()).orElse(" whole disk");
      var source = new DiskSource(disk, name, volume.start(), volume.length());
      try {
        Optional<PhysicalVolume> physical = PhysicalVolume.read(source);
        if (physical.isPresent()) {
          placed.add(new Placed(physical.get(), volume.start(), volume.length()));
          texts(physical.get(), source, groups, refusals);
        }
      } catch (ImageException e) {
        refusals.add(e);
      }
    }
    List<LogicalVolume> found = new ArrayList<>();
    for (Map.Entry<String, Section> group : groups.entrySet()) {
      try {
        found.addAll(new VolumeGroup(disk, group.getKey(), group.getValue(), placed).read());
      } catch (ImageException e) {
        refusals.add(e);
      }
    }
    found.sort(Comparator.comparing(LogicalVolume::volumeGroup).thenComparing(LogicalVolume::name));
    return new LogicalVolumes(List.copyOf(found), List.copyOf(refusals));
  }

  /** Puts the newest text of each group into the map. */
  private static void texts(
      PhysicalVolume physical,
      ByteSource source,
      Map<String, Section> groups,
      List<ImageException> refusals)
      throws IOException {
    for (PhysicalVolume.Area area : physical.metadataAreas()) {
      try {
        Optional<String> text = MetadataArea.text(source, area);
        if (text.isEmpty()) {
          continue;
        }
        Section top = MetadataParser.parse(source.describe(), text.get());
        for (Map.Entry<String, Object> entry : top.values().entrySet()) {
          if (entry.getValue() instanceof Section group) {
            Section known = groups.get(entry.getKey());
            if (known == null || sequence(group) > sequence(known)) {
              groups.put(entry.getKey(), group);
            }
          }
        }
      } catch (ImageException e) {
        refusals.add(e);
      }
    }
  }

  private static long sequence(Section group) throws ImageException {
    return group.number("seqno", 0, Long.MAX_VALUE);
  }
}
