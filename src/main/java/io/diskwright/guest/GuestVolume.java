package io.diskwright.guest;

import io.diskwright.filesystem.FileTree;
import io.diskwright.io.ImageException;
import io.diskwright.volume.Partition;
import io.diskwright.volume.VolumeContent;
import java.util.List;
import java.util.Optional;

/**
 * A volume of a guest's disk and the filesystem in it.
 *
 * @param name for people: {@code partition 1}, {@code whole disk}, {@code centos/root}
 * @param partition the partition it is; empty for the whole disk and for what lies in other volumes
 * @param length bytes
 * @param content what lies in it, empty when nothing known does
 * @param partUuid as udev has it for {@code PARTUUID=}, empty when it has none
 * @param partLabel of its GPT entry, empty when it has none
 * @param deviceNames by which a guest may name it: device files as on the first disk of each
 *     driver, {@code UUID=}, {@code LABEL=}, {@code PARTUUID=}, {@code PARTLABEL=}
 * @param tree its filesystem; empty when it holds none that is read
 * @param refusal why its filesystem is not read although it is known; empty when it is read, or
 *     there is none
 */
public record GuestVolume(
    String name,
    Optional<Partition> partition,
    long length,
    Optional<VolumeContent> content,
    String partUuid,
    String partLabel,
    List<String> deviceNames,
    Optional<FileTree> tree,
    Optional<ImageException> refusal) {

  /** Takes a copy of the list. */
  public GuestVolume {
    deviceNames = List.copyOf(deviceNames);
  }

  /** The content's type in blkid's words, empty when it is not known. */
  public String type() {
    return content.map(VolumeContent::type).orElse("");
  }

  /** The content's label, empty when it has none. */
  public String label() {
    return content.map(VolumeContent::label).orElse("");
  }

  /** Why its files are not to be had; empty when they are. */
  public String why() {
    if (tree.isPresent()) {
      return "";
    }
    return refusal
        .map(refused -> refused.fault().message())
        .orElseGet(() -> type().isEmpty() ? "nothing known lies in it" : type() + " is not read");
  }
}
