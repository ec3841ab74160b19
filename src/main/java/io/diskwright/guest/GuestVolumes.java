package io.diskwright.guest;

import io.diskwright.disk.VirtualDisk;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.Filesystems;
import io.diskwright.io.ImageException;
import io.diskwright.volume.BsdVolume;
import io.diskwright.volume.GptEntry;
import io.diskwright.volume.Partition;
import io.diskwright.volume.PartitionTable;
import io.diskwright.volume.Volume;
import io.diskwright.volume.VolumeContent;
import io.diskwright.volume.Volumes;
import io.diskwright.volume.lvm.LogicalVolume;
import io.diskwright.volume.lvm.LogicalVolumes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Collects the volumes of a disk; one that is damaged does not hide the others. */
final class GuestVolumes {

  private static final Set<String> WRAPPERS = Set.of("crypto_LUKS", "BitLocker", "LDM", "bcache");

  private final VirtualDisk disk;
  private final PartitionTable table;

  GuestVolumes(VirtualDisk disk, PartitionTable table) {
    this.disk = disk;
    this.table = table;
  }

  List<GuestVolume> read() throws IOException {
    List<GuestVolume> volumes = new ArrayList<>();
    List<Volume> partitions = Volumes.of(disk, table);
    for (Volume volume : partitions) {
      volumes.add(volume(volume));
    }
    for (BsdVolume volume : BsdVolume.of(disk, partitions)) {
      volumes.add(bsd(volume));
    }
    for (LogicalVolume volume : LogicalVolumes.of(disk, partitions).volumes()) {
      volumes.add(logical(volume));
    }
    return List.copyOf(volumes);
  }

  private GuestVolume bsd(BsdVolume volume) throws IOException {
    String slice = volume.slice().map(p -> Integer.toString(p.number())).orElse("");
    String name = "partition " + slice + volume.letter();
    List<String> names = DeviceNames.ofTags(volume.content(), "", "");
    return opened(name, disk, volume.start(), volume.length(), volume.content(), names);
  }

  private static GuestVolume logical(LogicalVolume volume) throws IOException {
    String name = volume.volumeGroup() + "/" + volume.name();
    List<String> names =
        new ArrayList<>(DeviceNames.ofLogicalVolume(volume.volumeGroup(), volume.name()));
    names.addAll(DeviceNames.ofTags(volume.content(), "", ""));
    if (volume.disk().isPresent()) {
      VirtualDisk whole = volume.disk().get();
      return opened(name, whole, 0, whole.size(), volume.content(), names);
    }
    return new GuestVolume(
        name,
        Optional.empty(),
        volume.size(),
        volume.content(),
        "",
        "",
        names,
        Optional.empty(),
        volume.refusal());
  }

  /** A volume that is no partition of the disk's own table. */
  private static GuestVolume opened(
      String name,
      VirtualDisk disk,
      long start,
      long length,
      Optional<VolumeContent> content,
      List<String> names)
      throws IOException {
    Optional<FileTree> tree = Optional.empty();
    Optional<ImageException> refusal = Optional.empty();
    try {
      if (length > 0 && content.filter(GuestVolumes::isPart).isEmpty()) {
        tree = Filesystems.open(disk, disk.describe() + " " + name, start, length);
      }
    } catch (ImageException e) {
      refusal = Optional.of(e);
    }
    return new GuestVolume(name, Optional.empty(), length, content, "", "", names, tree, refusal);
  }

  private GuestVolume volume(Volume volume) throws IOException {
    Optional<Partition> partition = volume.partition();
    String name = partition.map(p -> "partition " + p.number()).orElse("whole disk");
    String partUuid = partition.map(this::partUuid).orElse("");
    String partLabel = partition.map(Partition::name).orElse("");
    List<String> names =
        new ArrayList<>(partition.map(DeviceNames::ofPartition).orElseGet(DeviceNames::ofDisk));
    names.addAll(DeviceNames.ofTags(volume.content(), partUuid, partLabel));
    Optional<FileTree> tree = Optional.empty();
    Optional<ImageException> refusal = Optional.empty();
    try {
      if (volume.length() > 0 && volume.content().filter(GuestVolumes::isPart).isEmpty()) {
        tree =
            Filesystems.open(disk, disk.describe() + " " + name, volume.start(), volume.length());
      }
    } catch (ImageException e) {
      refusal = Optional.of(e);
    }
    return new GuestVolume(
        name,
        partition,
        volume.length(),
        volume.content(),
        partUuid,
        partLabel,
        names,
        tree,
        refusal);
  }

  /**
   * Whether a content is a part of something else. The first disk of a mirror also shows the
   * filesystem that lies in the mirror; what is read there may be out of date.
   */
  private static boolean isPart(VolumeContent content) {
    return content.type().endsWith("_member") || WRAPPERS.contains(content.type());
  }

  /** As udev has it: the GPT entry's GUID; in an MBR the disk's signature and the number. */
  private String partUuid(Partition partition) {
    if (partition.kind() == Partition.Kind.GPT) {
      return table.gpt().stream()
          .flatMap(gpt -> gpt.entries().stream())
          .filter(entry -> entry.index() == partition.number())
          .map(GptEntry::uniquePartitionGuid)
          .map(guid -> guid.toString().toLowerCase(Locale.ROOT))
          .findFirst()
          .orElse("");
    }
    return table
        .mbr()
        .map(
            mbr -> String.format(Locale.ROOT, "%08x-%02x", mbr.diskSignature(), partition.number()))
        .orElse("");
  }
}
