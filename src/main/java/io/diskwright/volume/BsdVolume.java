package io.diskwright.volume;

import io.diskwright.disk.VirtualDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A partition of a BSD label.
 *
 * @param slice the partition that holds the label; empty when it divides the whole disk
 * @param letter {@code a} to {@code v}
 * @param start first guest byte
 * @param length bytes that lie on the disk
 * @param content what lies in it, empty when nothing known does
 */
public record BsdVolume(
    Optional<Partition> slice,
    char letter,
    long start,
    long length,
    Optional<VolumeContent> content) {

  /**
   * The partitions of all labels on a disk, in the order of the slices and letters.
   *
   * @param volumes of the disk
   */
  public static List<BsdVolume> of(VirtualDisk disk, List<Volume> volumes) throws IOException {
    List<BsdVolume> found = new ArrayList<>();
    for (Volume volume : volumes) {
      boolean mayHold =
          volume.partition().isEmpty()
              || volume.partition().filter(p -> BsdLabel.SLICES.contains(p.type())).isPresent();
      if (mayHold && volume.length() > 0) {
        var window = new Window(disk, volume.start(), volume.length());
        Optional<BsdLabel> label = BsdLabel.read(window, volume.start());
        if (label.isPresent()) {
          add(disk, volume, label.get(), found);
        }
      }
    }
    return List.copyOf(found);
  }

  private static void add(VirtualDisk disk, Volume slice, BsdLabel label, List<BsdVolume> found)
      throws IOException {
    for (BsdLabel.Entry entry : label.partitions()) {
      long length = Math.clamp(disk.size() - entry.start(), 0, entry.length());
      Optional<VolumeContent> content =
          length > 0 ? VolumeProbe.probe(disk, entry.start(), length) : Optional.empty();
      found.add(new BsdVolume(slice.partition(), entry.letter(), entry.start(), length, content));
    }
  }
}
