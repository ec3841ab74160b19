package io.diskwright.volume;

import io.diskwright.disk.VirtualDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The volumes of a disk, each looked into. */
public final class Volumes {

  private Volumes() {}

  /**
   * One volume for each partition but the containers of logical ones, in the table's order; the
   * whole disk when it has no table. An empty disk has none.
   */
  public static List<Volume> of(VirtualDisk disk, PartitionTable table) throws IOException {
    List<Volume> volumes = new ArrayList<>();
    if (table.kind() == PartitionTable.Kind.NONE) {
      if (disk.size() > 0) {
        volumes.add(volume(disk, Optional.empty(), 0, disk.size()));
      }
      return volumes;
    }
    for (Partition partition : table.partitions()) {
      if (partition.kind() != Partition.Kind.EXTENDED) {
        long onDisk = Math.max(0, disk.size() - partition.start());
        long length = Math.min(partition.length(), onDisk);
        volumes.add(volume(disk, Optional.of(partition), partition.start(), length));
      }
    }
    return volumes;
  }

  private static Volume volume(
      VirtualDisk disk, Optional<Partition> partition, long start, long length) throws IOException {
    Optional<VolumeContent> content =
        length > 0 ? VolumeProbe.probe(disk, start, length) : Optional.empty();
    return new Volume(partition, start, length, content);
  }
}
