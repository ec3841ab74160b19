package io.diskwright.prepare;

import io.diskwright.disk.PatchedDisk;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.volume.PartitionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes disks larger. A GUID partition table is taken along to the new end; an MBR needs no change.
 * Partitions and filesystems stay as they are. Nothing is written: the changes lie over the disk.
 */
public final class Growth {

  private static final int SECTOR = PartitionTable.SECTOR;

  private Growth() {}

  /**
   * The disk at its new size; closing it closes {@code disk}, which stays the caller's when this
   * throws.
   *
   * @param newSize bytes, a multiple of 512, at least the disk's size. At the disk's own size, a
   *     GPT that is damaged in one copy or does not reach the disk's end is put in order
   */
  public static VirtualDisk grow(VirtualDisk disk, long newSize) throws IOException {
    return new PatchedDisk(disk, newSize, plan(disk, newSize).patches());
  }

  /**
   * What {@link #grow} changes.
   *
   * @throws IllegalArgumentException when the size is too small or no multiple of 512
   * @throws io.diskwright.io.ImageException when the image does not yield the bytes of the table
   */
  public static GrowthPlan plan(VirtualDisk disk, long newSize) throws IOException {
    if (newSize < disk.size() || newSize % SECTOR != 0) {
      throw new IllegalArgumentException("new size " + newSize + " for " + disk.size());
    }
    List<String> actions = new ArrayList<>();
    if (newSize > disk.size()) {
      actions.add("Disk grown from " + disk.size() + " to " + newSize + " bytes");
    }
    PartitionTable table = PartitionTable.read(disk);
    if (table.kind() != PartitionTable.Kind.GPT) {
      return new GrowthPlan(newSize, List.of(), actions);
    }
    var move = new GptMove(disk, table, newSize);
    actions.addAll(move.plan());
    return new GrowthPlan(newSize, move.patches(), actions);
  }
}
